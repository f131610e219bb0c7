// Which processors have a form of the table: by generation (86, 186, ... 686) and by the features that came apart from it.
import type { Row } from './types';

/** Names of `Row.cpu` that are no numbers: fpu, cmov, popcnt, bmi1, lzcnt, sse2, lm, syscall, ... */
export type Features = ReadonlySet<string>;

/**
 * Whether a processor of the generation (86 to 686) with these features executes the form. For `createDecoder`: without
 * `bmi1`, F3 0F BC is a repeated BSF as on every processor before TZCNT.
 */
export function hasForm(row: Row, generation: number, features: Features): boolean {
  if (row.until !== undefined && Number(row.until) < generation) return false;
  const { cpu } = row;
  if (cpu === undefined || cpu === 'ringside') return true;
  if (cpu === '287') return features.has('fpu') && generation >= 286;
  if (cpu === '387') return features.has('fpu') && generation >= 386;
  const since = Number(cpu);
  return Number.isNaN(since) ? features.has(cpu) : since <= generation;
}
