// The `cpu` directive: names of processors and what a row of the instruction table needs.
import type { AsmRequest, AsmResult } from '../../isa/encodeTypes';
import { encode } from '../../isa/encode';
import { inverseCondition } from '../preproc/conditionCodes';
import { DEFAULT_CPU } from './state';

const LEVELS: Readonly<Record<string, number>> = {
  '8086': 86,
  '186': 186,
  '286': 286,
  '386': 386,
  '486': 486,
  '586': 586,
  pentium: 586,
  pentiummmx: 586,
  '686': 686,
  p6: 686,
  ppro: 686,
  pentiumpro: 686,
  p2: 686,
  pentiumii: 686,
  p3: 700,
  katmai: 700,
  p4: 710,
  willamette: 710,
  prescott: 720,
  x64: 730,
  'x86-64': 730,
  ia64: 740,
  'ia-64': 740,
  itanium: 740,
  itanic: 740,
  merced: 740,
  nehalem: 750,
  westmere: 760,
  sandybridge: 770,
  ivybridge: 780,
  any: DEFAULT_CPU,
  all: DEFAULT_CPU,
  default: DEFAULT_CPU,
};
/** Flags that change nothing here: encodings that this assembler does not have. */
const FLAGS = new Set(['vex', 'evex', 'latevex', 'novex', 'noevex', 'nolatevex']);

/** Level after the directive `cpu text`; a string names the word that is unknown. */
export function parseCpu(text: string, current: number): number | string {
  let level = current;
  for (const word of text.toLowerCase().split(/[ ,\t]+/)) {
    const bare = word.replace(/^[+\-*]+/, '');
    if (bare === '' || FLAGS.has(bare)) continue;
    const named = LEVELS[bare];
    if (named === undefined) return bare;
    level = named;
  }
  return level;
}

const FEATURE_LEVELS: Readonly<Record<string, number>> = { fpu: 86, cmov: 686 };
const NEWER = 700;

/** Generation that first had the instruction; features of later processors count as newer than the Pentium Pro. */
export function cpuLevel(cpu: string | undefined): number {
  if (cpu === undefined) return 86;
  return Math.max(...cpu.split('+').map((name) => FEATURE_LEVELS[name] ?? (Number(name) || NEWER)));
}

/** A near conditional jump for processors before the 386: the opposite short jump over a near JMP. */
export function jumpAround(request: AsmRequest): AsmResult | undefined {
  const inverse = request.mnemonic.startsWith('j') ? inverseCondition(request.mnemonic.slice(1)) : undefined;
  const [target] = request.operands;
  if (inverse === undefined || target?.kind !== 'imm') return undefined;
  const jump = encode({ ...request, mnemonic: 'jmp', ip: request.ip + 2n, operands: [{ ...target, jump: 'near' }] });
  if (!jump.ok) return undefined;
  const over: AsmRequest['operands'] = [
    { kind: 'imm', value: request.ip + 2n + BigInt(jump.bytes.length), known: true, jump: 'short' },
  ];
  const skip = encode({ ...request, mnemonic: `j${inverse}`, operands: over });
  if (!skip.ok || skip.bytes.length !== 2) return undefined;
  const bytes = [...skip.bytes, ...jump.bytes];
  return { ...jump, bytes, fixups: jump.fixups.map((fixup) => ({ ...fixup, at: fixup.at + 2 })) };
}
