// Reading and writing what an expression names: registers, flags and memory operands.

import { linearText } from '../linear';
import { registerPart, writeRegister } from '../registers';
import type { ExpressionError, Node } from './ast';
import type { Evaluation, EvaluationContext, Place, Value } from './value';

export const failed = (node: Pick<Node, 'start' | 'end'>, message: string): { ok: false; error: ExpressionError } => ({
  ok: false,
  error: { message, start: node.start, end: node.end },
});

/** Reads a place; a memory place must be mapped in full. */
export function readPlace(node: Node, place: Place, { target }: EvaluationContext): Evaluation {
  if (place.kind === 'register') return failed(node, 'not a memory operand');
  const read =
    place.kind === 'linear'
      ? target.readLinear(place.address, place.bytes)
      : target.readPhysical(place.address, place.bytes);
  if (read.length < place.bytes)
    return failed(node, `nothing is mapped at ${place.kind} address ${addressText(place, read.length)}`);
  const value = read.reduceRight((v, b) => (v << 8n) | BigInt(b), 0n);
  const result: Value = { value, bits: place.bytes * 8, place, type: 'memory' };
  return { ok: true, value: place.kind === 'linear' ? { ...result, linear: place.address } : result };
}

/** Writes a value to a place; a sentence when it cannot be done. */
export function writePlace(place: Place, value: bigint, context: EvaluationContext): string | undefined {
  if (context.frame && place.kind === 'register' && context.frame.registers.has(registerPart(place.name)?.whole ?? ''))
    return `${place.name} of an outer frame cannot be changed: it is not in the processor`;
  if (place.kind === 'register') return writeRegister(context.target, place.name, value);
  const bits = place.bytes * 8;
  if (value >= 1n << BigInt(bits) || value < -(1n << BigInt(bits - 1)))
    return `${value} does not fit into ${place.bytes} byte${place.bytes > 1 ? 's' : ''}`;
  const field = BigInt.asUintN(bits, value);
  const bytes = Uint8Array.from({ length: place.bytes }, (_, i) => Number((field >> BigInt(8 * i)) & 0xffn));
  if (place.kind === 'physical') {
    const written = context.target.writePhysical(place.address, bytes);
    return written === bytes.length ? undefined : `physical address ${addressText(place, written)} is not memory`;
  }
  const written = context.target.writeLinear(place.address, bytes);
  return written === bytes.length ? undefined : `linear address ${addressText(place, written)} cannot be written`;
}

const addressText = (place: Exclude<Place, { kind: 'register' }>, offset: number): string =>
  place.kind === 'linear' ? linearText(place.address + offset) : `0x${(place.address + offset).toString(16)}`;
