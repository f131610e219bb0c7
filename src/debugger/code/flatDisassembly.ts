// Disassembly of plain bytes from one end to the other, without a guest.

import { decode } from '../../isa/decode';
import { format } from '../../isa/format';
import type { CodeBits } from '../../isa/types';

export interface FlatLine {
  address: number;
  bytes: Uint8Array;
  text: string;
}

/** Lines from `offset` on; `origin` is the address of the first byte. */
export function* flatDisassembly(
  bytes: Uint8Array,
  bits: CodeBits,
  origin: number,
  offset: number,
): Generator<FlatLine> {
  for (let at = offset; at < bytes.length;) {
    const insn = decode(bytes, at, bits);
    const length = insn.row ? insn.len : 1;
    const own = bytes.subarray(at, at + length);
    yield { address: origin + at, bytes: own, text: format(insn, { ip: origin + at, bytes: own }) };
    at += length;
  }
}
