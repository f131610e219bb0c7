// Records of volatile instructions, those whose bytes are rewritten again and again: they are not marked as code, so stores to
// them are like any other, and every execution compares them with what was decoded (interp/volatileEmit.ts, volatileSites.ts).
// A site is the one-instruction block at such a place: a record with the handler VOLATILE, then the bytes it had when last
// executed, and which version to try first for the first two bytes that are there. A version is one decoding of it: a header
// and an ordinary record with a GOTO behind it.
import { R_DISP, R_IMM, R_REG0, RECORD_BYTES } from './record';

export const SITE_COUNT = R_REG0; // i32, executions since the bytes changed last
export const SITE_HOST = R_DISP; // i32, where the bytes are in linear memory
export const SITE_VERSION = R_IMM; // i32, the version executed last
export const SITE_LAST = RECORD_BYTES; // 16 bytes
export const SITE_HINTS = SITE_LAST + 16; // versions by hint
export const HINTS = 32;
export const SITE_BYTES = SITE_HINTS + 4 * HINTS + 16;

/** Which hint goes with the first two bytes: other operations, or register fields of ModRM, have others. */
export const hintOf = <T>(first: T, second: T, by: { shift3(v: T): T; xor(a: T, b: T): T; add(a: T, b: T): T }): T =>
  by.add(by.xor(first, by.shift3(first)), by.shift3(second));

export const VERSION_CODE = 0; // 16 bytes: what was decoded
export const VERSION_MASK = 16; // 16 bytes: what of it has to be there again
export const VERSION_NEXT = 32; // i32, the next version of the site, in a ring
/** Two fields of the record that are read from the code each time (immediate, displacement); 0 = none. */
export const VERSION_LIVE = [40, 48] as const; // u8 offset in the code, u8 64 minus its bits, u16 offset of the field in the version
export const LIVE_MASK = 4; // i32, and with it the sign-extended value is cut
export const VERSION_RECORD = 64;
export const VERSION_BYTES = VERSION_RECORD + 2 * RECORD_BYTES;

/** A version reads its code up to so many bytes behind its begin. */
export const CODE_REACH = 32;
/** So many executions without a change, and the place is ordinary code again. */
export const QUIET_EXECUTIONS = 4096;
