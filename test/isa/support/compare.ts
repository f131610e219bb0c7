// Encodes requests with Ringside and with the real NASM and collects what differs.
import { encode } from '../../../src/isa/encode';
import type { AsmRequest } from '../../../src/isa/encodeTypes';
import type { CodeBits } from '../../../src/isa/types';
import { requestText } from './asmText';
import { assembleLines } from './nasm';

export interface Comparison {
  compared: number;
  /** Lines that both accepted. */
  accepted: number;
  differences: string[];
  /** Refused by both, with different words. */
  otherWords: string[];
}

export const hexOf = (bytes: Uint8Array | readonly number[]): string => Buffer.from(bytes).toString('hex');

/** Requests by the NASM source line that means the same. */
export function compareWithNasm(bits: CodeBits, requests: ReadonlyMap<string, AsmRequest>, preamble = ''): Comparison {
  const lines = [...requests.keys()];
  const results = assembleLines(bits, lines, preamble);
  const comparison: Comparison = { compared: lines.length, accepted: 0, differences: [], otherWords: [] };
  lines.forEach((line, i) => {
    const ours = encode(requests.get(line)!);
    const { bytes, messages } = results[i]!;
    const theirs = bytes ?? messages.find((message) => !message.startsWith('warning'));
    const mine = ours.ok ? hexOf(ours.bytes) : undefined;
    if (mine !== bytes) {
      comparison.differences.push(`bits ${bits}: ${line}: nasm ${theirs}, ringside ${ours.ok ? mine : ours.error}`);
    } else if (!ours.ok && ours.error !== theirs) {
      comparison.otherWords.push(`bits ${bits}: ${line}: nasm ${theirs}, ringside ${ours.error}`);
    } else if (ours.ok) {
      comparison.accepted++;
    }
  });
  return comparison;
}

export const byText = (requests: readonly AsmRequest[]): Map<string, AsmRequest> =>
  new Map(requests.map((request) => [requestText(request), request]));
