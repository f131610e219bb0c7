// Where the 80386 does otherwise than the 80286 in real mode, by the manuals of both (80386 Programmer's Reference Manual, chapter 14,
// "80386 Real-Address Mode", "Differences from 80286 Real-Address Mode"; Intel SDM vol. 3, "Architecture Compatibility").
import { decode } from '../../../src/isa/decode';
import type { MooTest } from './moo';

const LONGEST_286 = 10;
const GENERAL_PROTECTION = 13;
const UNDEFINED = 6;
const STRING = /^(ins|outs|movs|cmps|stos|lods|scas)/;
const isPrefix = (byte: number): boolean => [0x26, 0x2e, 0x36, 0x3e, 0xf0, 0xf2, 0xf3].includes(byte);

/** Known from the test alone. */
export function newerMeaning(test: MooTest): string | undefined {
  const insn = decode(test.bytes, 0, 16);
  const at = test.bytes.findIndex((byte) => !isPrefix(byte));
  const [opcode, modrm] = [test.bytes[at]!, test.bytes[at + 1]!];
  const vector = test.exception?.vector;
  if (insn.invalid === 'lock' && vector !== UNDEFINED) return 'LOCK before an instruction that does not take it: #UD';
  if (vector === GENERAL_PROTECTION && insn.len > LONGEST_286) return 'instructions longer than ten bytes';
  if (vector === UNDEFINED && (opcode === 0x8c || opcode === 0x8e) && [4, 5].includes((modrm >> 3) & 7))
    return 'FS, GS';
  if ((opcode & 0xf8) === 0xd8) return 'ESC without a coprocessor';
  return undefined;
}

/** A fault of a string instruction leaves everything as it was, so that it can be restarted. */
export function restartsString(test: MooTest, problems: readonly string[]): boolean {
  const { row } = decode(test.bytes, 0, 16);
  const whole = problems.every((problem) => /^(si|di|cx) /.test(problem));
  return test.exception?.vector === GENERAL_PROTECTION && row !== undefined && STRING.test(row.mn) && whole;
}
