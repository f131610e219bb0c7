// Checks of arguments that come from a client: wrong types give an error that names the argument.

import { badArgument } from './errors';

export type Fields = Readonly<Record<string, unknown>>;

const kindOf = (value: unknown): string =>
  value === undefined ? 'missing' : value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;

export function objectOf(command: string, value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw badArgument(command, `the arguments must be an object, not ${kindOf(value)}`);
}

export function stringOf(command: string, fields: unknown, name: string): string {
  const value = objectOf(command, fields)[name];
  if (typeof value === 'string') return value;
  throw badArgument(command, `"${name}" must be a string; it is ${kindOf(value)}`);
}

export function numberOf(command: string, fields: unknown, name: string, fallback?: number): number {
  const value = objectOf(command, fields)[name] ?? fallback;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw badArgument(command, `"${name}" must be a number; it is ${kindOf(value)}`);
}

/** A whole number from 0 to `most`. */
export function countOf(command: string, fields: unknown, name: string, most: number, fallback?: number): number {
  const value = numberOf(command, fields, name, fallback);
  if (Number.isInteger(value) && value >= 0) return Math.min(value, most);
  throw badArgument(command, `"${name}" must be a whole number, 0 or more; it is ${value}`);
}

export function arrayOf(command: string, fields: unknown, name: string): readonly Fields[] {
  const value = objectOf(command, fields)[name] ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null))
    return value as Fields[];
  throw badArgument(command, `"${name}" must be an array of objects`);
}

export function optionalString(command: string, fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw badArgument(command, `"${name}" must be a string; it is ${kindOf(value)}`);
}
