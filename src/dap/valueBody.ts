// The value of an expression in the protocol's words.

import type { Debugger } from '../debugger/debugger';
import type { Value } from '../debugger/expression/value';
import { hexBits, valueText } from '../debugger/text';
import { referenceOf } from './addresses';

export interface ValueBody {
  result: string;
  type?: string;
  memoryReference?: string;
}

export function valueBody(debug: Debugger, value: Value, text: string, hexOnly: boolean): ValueBody {
  const { linear, type } = value;
  const shown = valueText(value, hexOnly);
  const result = type === 'label' && linear !== undefined ? `${shown}${contents(debug, text, linear)}` : shown;
  return { result, type, ...(linear === undefined ? {} : { memoryReference: referenceOf(linear) }) };
}

/** ` → 0x48 ('H')`: what lies at a data label; ` → mov ax, 5` at a code label. */
function contents(debug: Debugger, text: string, linear: number): string {
  const symbol = debug.program?.symbols.find(text.trim(), debug.context().scope);
  if (symbol?.kind === 'code') return ` → ${debug.disassembler.line(linear).text}`;
  const unit = symbol?.unit;
  if (unit !== 1 && unit !== 2 && unit !== 4 && unit !== 8) return '';
  const bytes = debug.target.readLinear(linear, unit * Math.min(symbol!.count ?? 1, 64));
  if (unit === 1 && (symbol!.count ?? 1) > 1) return ` → ${stringText(bytes)}`;
  if (bytes.length < unit) return ' → not mapped';
  const first = bytes.subarray(0, unit).reduceRight((v, b) => (v << 8n) | BigInt(b), 0n);
  return ` → ${hexBits(first, unit * 8)}${(symbol!.count ?? 1) > 1 ? ', …' : ''}`;
}

const stringText = (bytes: Uint8Array): string => {
  const end = bytes.findIndex((b) => b === 0);
  return JSON.stringify(String.fromCharCode(...bytes.subarray(0, end < 0 ? bytes.length : end)));
};
