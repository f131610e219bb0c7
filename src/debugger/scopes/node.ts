// A tree of named values for a variables view: what is shown, what can be set, and children made when they are asked for.

import { evaluate } from '../expression/evaluate';
import { writePlace } from '../expression/places';
import type { EvaluationContext, Place } from '../expression/value';
import { linearText } from '../linear';
import { hexBits, valueText } from '../text';

export interface VariableNode {
  name: string;
  value: string;
  /** Shown as the type: what the value is. */
  type?: string;
  /** Expression that evaluates to it. */
  evaluateName?: string;
  /** Linear address behind the value. */
  memory?: number;
  /** Sets it from an expression; a sentence when that fails. */
  set?: (text: string) => string | undefined;
  children?: VariableChildren;
}

export interface VariableChildren {
  /** Children with indices as names, which may be read in pages. */
  indexed?: number;
  list(start?: number, count?: number): VariableNode[];
}

export const childrenOf = (make: () => VariableNode[]): VariableChildren => ({ list: () => make() });

/** A child per index, made one page at a time. */
export const indexedChildren = (total: number, make: (index: number) => VariableNode): VariableChildren => ({
  indexed: total,
  list: (start = 0, count = total) =>
    Array.from({ length: Math.max(0, Math.min(count || total, total - start)) }, (_, i) => make(start + i)),
});

/** Evaluates `text` and writes it to the place. */
export function setPlace(place: Place, text: string, context: EvaluationContext): string | undefined {
  const result = evaluate(text, context);
  return result.ok ? writePlace(place, result.value.value, context) : result.error.message;
}

/** A register, flag or part of one, settable. */
export function registerNode(
  name: string,
  context: EvaluationContext,
  label = name.toUpperCase(),
  type?: string,
): VariableNode {
  const result = evaluate(name, context);
  return {
    name: label,
    value: result.ok ? valueText(result.value, !isQuantity(name)) : '(absent)',
    evaluateName: name,
    ...(type === undefined ? {} : { type }),
    ...(result.ok && result.value.place ? { set: (text: string) => setPlace(result.value.place!, text, context) } : {}),
  };
}

/** General registers hold numbers that one also reads in decimal; the others hold addresses and bits. */
const isQuantity = (name: string): boolean =>
  /^[er]?[abcd]x$|^[abcd][lh]$|^[er]?[sd]il?$|^[er]?[bs]pl?$|^r\d+[dwb]?$/.test(name);

/** A field of guest memory, settable. */
export function memoryNode(
  name: string,
  linear: number,
  bytes: 1 | 2 | 4 | 8,
  context: EvaluationContext,
  type?: string,
): VariableNode {
  const read = context.target.readLinear(linear, bytes);
  const value = read.reduceRight((v, b) => (v << 8n) | BigInt(b), 0n);
  const size = SIZES[bytes];
  return {
    name,
    value: read.length < bytes ? '(not mapped)' : hexBits(value, bytes * 8),
    memory: linear,
    evaluateName: `${size} [${linearText(linear)}]`,
    set: (text) => setPlace({ kind: 'linear', address: linear, bytes }, text, context),
    ...(type === undefined ? {} : { type }),
  };
}

/** An entry of a table in physical memory, settable; `text` is what is shown. */
export function physicalNode(
  name: string,
  physical: number,
  bytes: 4 | 8,
  text: string,
  context: EvaluationContext,
): VariableNode {
  const at = `0x${physical.toString(16)}`;
  return {
    name,
    value: text,
    type: `physical ${at.slice(2).padStart(8, '0')}`,
    evaluateName: `${SIZES[bytes]} [phys:${at}]`,
    set: (expression) => setPlace({ kind: 'physical', address: physical, bytes }, expression, context),
  };
}

const SIZES = { 1: 'byte', 2: 'word', 4: 'dword', 8: 'qword' } as const;

export const plainNode = (name: string, value: string, type?: string): VariableNode =>
  type === undefined ? { name, value } : { name, value, type };

export interface BitField {
  name: string;
  bit: number;
  width?: number;
  doc: string;
}

/** One bit field of a register, settable. */
export function bitNode(register: string, field: BitField, context: EvaluationContext): VariableNode {
  const width = field.width ?? 1;
  const mask = (1n << BigInt(width)) - 1n;
  const whole = context.target.getRegister(register) ?? 0n;
  return {
    name: field.name,
    value: ((whole >> BigInt(field.bit)) & mask).toString(),
    type: field.doc,
    evaluateName: `(${register} >> ${field.bit}) & ${mask}`,
    set: (text) => {
      const result = evaluate(text, context);
      if (!result.ok) return result.error.message;
      if (result.value.value < 0n || result.value.value > mask)
        return `${field.name} has ${width} bit${width > 1 ? 's' : ''}`;
      const now = context.target.getRegister(register) ?? 0n;
      const next = (now & ~(mask << BigInt(field.bit))) | (result.value.value << BigInt(field.bit));
      return context.target.setRegister(register, next);
    },
  };
}
