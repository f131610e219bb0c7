// Addresses as the client writes them: memory references that we gave it, or anything a person may type.

import { badAddress } from './errors';
import type { Launched } from './launched';

export interface Place {
  space: 'linear' | 'physical';
  at: number;
}

/** A memory reference with a displacement in bytes. */
export function placeOf({ debug }: Launched, reference: string, offset = 0): Place {
  const address = debug.address(reference);
  if (!address.ok) throw badAddress(reference, address.error.message);
  return { space: address.space, at: address.at + offset };
}

export function linearOf(launched: Launched, reference: string, offset = 0): number {
  const place = placeOf(launched, reference, offset);
  if (place.space === 'physical') throw badAddress(reference, 'a linear address is needed here, not a physical one');
  return place.at;
}

/** As memory references are written: VS Code reads them as numbers. */
export const referenceOf = (linear: number): string => `0x${linear.toString(16)}`;
