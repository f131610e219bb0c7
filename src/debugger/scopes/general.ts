// General registers, instruction pointer and flags.

import { symbolText } from '../../symbols/symbolTable';
import type { EvaluationContext } from '../expression/value';
import { FLAG_BITS, GENERAL_NAMES } from '../registers';
import { segmentOf } from '../segments';
import { SegIndex } from '../target';
import { farText } from '../text';
import { childrenOf, registerNode, type VariableNode } from './node';

export function generalScope(context: EvaluationContext): VariableNode[] {
  const nodes = GENERAL_NAMES.map((name): VariableNode => {
    const node = registerNode(`e${name}`, context);
    const parts = name.endsWith('x') ? [name, `${name[0]}h`, `${name[0]}l`] : [name];
    return { ...node, children: childrenOf(() => parts.map((part) => registerNode(part, context))) };
  });
  return [...nodes, instructionPointer(context), registerNode('eflags', context, 'EFLAGS', flagLetters(context))];
}

function instructionPointer(context: EvaluationContext): VariableNode {
  const node = registerNode('eip', context);
  const cs = segmentOf(context, SegIndex.CS);
  const ip = Number((context.frame?.registers.get('rip') ?? context.target.getRegister('rip') ?? 0n) & 0xffffffffn);
  const linear = (cs.base + ip) >>> 0;
  const read = (at: number, n: number): Uint8Array => context.target.readLinear(at, n);
  const location = context.program?.locate(linear, ip, read);
  const label = location && context.program!.labelAt(location, linear);
  const type = [farText(cs.selector, ip, cs.big), ...(label ? [symbolText(label)] : [])].join(', ');
  return { ...node, type, memory: linear };
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
