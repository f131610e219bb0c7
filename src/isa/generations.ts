// Which processors have a form of the table: by generation (86, 186, ... 686) and by the features that came apart from it.
import type { Row } from './types';

/** Names of `Row.cpu` that are no numbers: fpu, cmov, popcnt, bmi1, lzcnt, sse2, lm, syscall, ..., by the names of cpu/features.ts. */
export type Features = ReadonlySet<string>;

/**
 * Whether a processor of the generation (86 to 686) with these features executes the form. For `createDecoder`: without
 * `bmi1`, F3 0F BC is a repeated BSF as on every processor before TZCNT.
 */
export function hasForm(row: Row, generation: number, features: Features): boolean {
  if (row.until !== undefined && Number(row.until) < generation) return false;
  return row.cpu === undefined || row.cpu.split('+').every((name) => hasFeature(name, generation, features));
}

function hasFeature(name: string, generation: number, features: Features): boolean {
  if (name === 'ringside') return true;
  if (name === '287') return features.has('fpu') && generation >= 286;
  if (name === '387') return features.has('fpu') && generation >= 386;
  const since = Number(name);
  return Number.isNaN(since) ? features.has(name) : since <= generation;
}
