// Addresses as the client writes them: memory references that we gave it, or anything a person may type.

import { canonical, isLong, linearText } from '../debugger/linear';
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
  const { space, at } = address;
  // 32-bit addresses do not go on in the upper half
  const inside = space === 'physical' || at >= 0 === at + offset >= 0 || isLong(debug.target);
  if (!Number.isSafeInteger(offset) || !inside || (space === 'linear' && !canonical(at + offset)))
    throw badAddress(reference, `with an offset of ${offset} it lies outside the address space`);
  return { space, at: at + offset };
}

export function linearOf(launched: Launched, reference: string, offset = 0): number {
  const place = placeOf(launched, reference, offset);
  if (place.space === 'physical') throw badAddress(reference, 'a linear address is needed here, not a physical one');
  return place.at;
}

/** As memory references are written: VS Code reads them as unsigned 64-bit numbers. */
export const referenceOf = linearText;
