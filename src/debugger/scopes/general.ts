// General registers, instruction pointer and flags, in the width of the code.

import { symbolText } from '../../symbols/symbolTable';
import { bitsOfCs, memoryView } from '../code/reader';
import { linearPointer } from '../expression/evaluate';
import type { EvaluationContext } from '../expression/value';
import { isWideCode } from '../linear';
import { FLAG_BITS, GENERAL_NAMES } from '../registers';
import { segmentOf } from '../segments';
import { SegIndex } from '../target';
import { farText } from '../text';
import { childrenOf, registerNode, type VariableNode } from './node';

const EXTENDED = [8, 9, 10, 11, 12, 13, 14, 15].map((n) => `r${n}`);

/** 64-bit code is what the frame executes. */
const isWide = (context: EvaluationContext): boolean =>
  context.frame ? segmentOf(context, SegIndex.CS).long : isWideCode(context.target);

export function generalScope(context: EvaluationContext): VariableNode[] {
  const wide = isWide(context);
  const withParts = (whole: string, parts: readonly string[]): VariableNode => ({
    ...registerNode(whole, context),
    children: childrenOf(() => parts.map((part) => registerNode(part, context))),
  });
  const nodes = GENERAL_NAMES.map((name): VariableNode => {
    const low = name.endsWith('x') ? [name, `${name[0]}h`, `${name[0]}l`] : [name, ...(wide ? [`${name}l`] : [])];
    return withParts(`${wide ? 'r' : 'e'}${name}`, wide ? [`e${name}`, ...low] : low);
  });
  if (wide)
    nodes.push(
      ...EXTENDED.map((name) =>
        withParts(
          name,
          ['d', 'w', 'b'].map((size) => name + size),
        ),
      ),
    );
  const flags = wide ? 'rflags' : 'eflags';
  return [
    ...nodes,
    instructionPointer(context),
    registerNode(flags, context, flags.toUpperCase(), flagLetters(context)),
  ];
}

function instructionPointer(context: EvaluationContext): VariableNode {
  const { target, program, frame } = context;
  const cs = segmentOf(context, SegIndex.CS);
  const linear = linearPointer(context);
  const bits = frame ? (cs.long ? 64 : cs.big ? 32 : 16) : bitsOfCs(target);
  const ip = bits === 64 ? linear : (linear - cs.base) >>> 0;
  const label = program?.labelAt(linear, ip, memoryView(target, program));
  const type = [farText(cs.selector, ip, bits), ...(label ? [symbolText(label)] : [])].join(', ');
  return { ...registerNode(bits === 64 ? 'rip' : 'eip', context), type, memory: linear };
}

/** `OF DF IF`: the flags that are set. */
function flagLetters(context: EvaluationContext): string {
  const value = Number(context.target.getRegister('eflags') ?? 0n);
  const set = FLAG_BITS.filter(({ bit, width }) => width === undefined && value & (1 << bit)).map(({ name }) =>
    name.toUpperCase(),
  );
  const iopl = (value >> 12) & 3;
  return [...set, ...(iopl ? [`IOPL ${iopl}`] : [])].join(' ') || 'none set';
}

export const flagsScope = (context: EvaluationContext): VariableNode[] =>
  FLAG_BITS.map(({ name, doc }) => registerNode(name, context, name.toUpperCase(), doc));
