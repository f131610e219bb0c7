// Words for the boundary between two frames: which interrupt, exception or gate led from the outer to the inner one, and
// from which ring or mode. The transition history knows best; else the instruction before the return address or the
// interrupt table says it.

import type { Mode } from '../../machine/types';
import type { CodeReader } from '../code/reader';
import { decodeDescriptor } from '../descriptors';
import { registerAddress } from '../linear';
import { registerNumber } from '../registers';
import { gateBytes, istOf } from '../segments';
import type { TransitionView } from '../target';
import { vectorName } from '../vectors';
import type { CallSite } from './callSite';
import type { Entry, FrameState } from './frame';

/** Latest transitions that are searched for the one that made a frame. */
const SEARCH = 2048;

export function boundaryWords(
  code: CodeReader,
  inner: FrameState,
  outer: FrameState,
  entry: Entry,
  site: CallSite | undefined,
): string | undefined {
  const crosses = inner.cpl !== outer.cpl || place(inner) !== place(outer);
  if (entry === 'near' || (entry === 'far' && !crosses)) return undefined;
  const transition = findTransition(code, inner, outer);
  const cause =
    entry === 'far'
      ? gateWords(site, transition)
      : entry === 'system'
        ? (transition?.kind ?? site?.insn.row?.mn ?? 'system call').toUpperCase()
        : interruptWords(code, inner, site, transition) + stackWords(code, transition);
  return `— ${crosses ? `${cause}, ${place(outer)} → ${place(inner)}` : cause} —`;
}

/** ` on IST1`: a gate of the IDT in long mode may name a stack. */
function stackWords({ target }: CodeReader, transition: TransitionView | undefined): string {
  const ist = transition === undefined ? 0 : istOf(target, transition);
  return ist === 0 ? '' : ` on IST${ist}`;
}

function place({ cpl, mode }: { cpl: number; mode: Mode }): string {
  if (mode === 'real') return 'real mode';
  if (mode === 'smm') return 'system management mode';
  return mode === 'v8086' ? 'v8086 mode' : `ring ${cpl}${mode === 'compatibility' ? ' in compatibility mode' : ''}`;
}

function gateWords(site: CallSite | undefined, transition: TransitionView | undefined): string {
  const operand = site?.insn.operands[0];
  const selector = transition?.gate ?? (operand?.kind === 'far' ? operand.selector : undefined);
  return selector === undefined ? 'call gate' : `call gate ${(selector & 0xfffc).toString(16).padStart(4, '0')}`;
}

function interruptWords(
  code: CodeReader,
  inner: FrameState,
  site: CallSite | undefined,
  transition: TransitionView | undefined,
): string {
  if (transition?.vector !== undefined && transition.kind === 'exception') return vectorName(transition.vector);
  if (transition?.vector !== undefined && transition.kind === 'interrupt') return hardware(transition.vector);
  if (site?.vector !== undefined) return site.vector === 3 ? 'int3' : `int 0x${site.vector.toString(16)}`;
  const vector = handlerVector(code, inner);
  if (vector === undefined) return 'interrupt';
  return vector < 32 && !inner.paragraphs ? vectorName(vector) : hardware(vector);
}

const hardware = (vector: number): string => `interrupt 0x${vector.toString(16).padStart(2, '0')}`;

/** The latest transition that went from the outer frame's place into the inner frame's ring. */
function findTransition(code: CodeReader, inner: FrameState, outer: FrameState): TransitionView | undefined {
  const { transitions } = code.target;
  const oldest = Math.max(transitions.dropped, transitions.count - SEARCH);
  for (let i = transitions.count - 1; i >= oldest; i--) {
    const t = transitions.get(i);
    if (t && (t.processor ?? 0) !== code.target.processor) continue;
    if (!t || t.to.cpl !== inner.cpl || t.from.cs !== outer.cs.selector || t.from.ss !== outer.ss.selector) continue;
    if (i === outer.before) return t;
    const back = outer.ip - t.from.rip;
    if (back >= 0 && back <= 8 && t.kind !== 'iret') return t;
  }
  return undefined;
}

/** Vector whose handler begins nearest before the inner frame's instruction. */
function handlerVector(code: CodeReader, inner: FrameState): number | undefined {
  const { target } = code;
  const base = registerAddress(target, 'idtr.base');
  const limit = registerNumber(target, 'idtr.limit');
  const size = inner.paragraphs ? 4 : gateBytes(target);
  const table = code.read(base, Math.min(limit + 1, 256 * size));
  let best: number | undefined;
  let nearest = 0x1000;
  for (let vector = 0; (vector + 1) * size <= table.length; vector++) {
    const entry = table.subarray(vector * size, (vector + 1) * size);
    let offset: number | undefined;
    let selector: number | undefined;
    if (inner.paragraphs) {
      offset = entry[0]! | (entry[1]! << 8);
      selector = entry[2]! | (entry[3]! << 8);
    } else ({ offset, selector } = decodeDescriptor(entry, size === 16));
    if (offset === undefined || selector === undefined || (selector & 0xfffc) !== (inner.cs.selector & 0xfffc))
      continue;
    const distance = inner.ip - offset;
    if (distance < 0 || distance >= nearest) continue;
    nearest = distance;
    best = vector;
  }
  return best;
}
