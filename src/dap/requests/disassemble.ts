// `disassemble`: exactly as many lines as asked for, before and after an address. Addresses are linear; CS:IP stands in the
// text where it differs.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { DisassembledLine } from '../../debugger/code/disassembly';
import { bitsOfCs } from '../../debugger/code/reader';
import { SegIndex } from '../../debugger/target';
import { farText } from '../../debugger/text';
import { linearOf, referenceOf } from '../addresses';
import { countOf, numberOf, stringOf } from '../arguments';
import { request } from '../handler';
import type { Launched } from '../launched';

const COMMAND = 'disassemble';
const MOST = 10_000;

export const disassemble = request<DebugProtocol.DisassembleArguments>({
  command: COMMAND,
  capabilities: { supportsDisassembleRequest: true },
  handle(session, args) {
    const launched = session.get(COMMAND);
    const linear = linearOf(launched, stringOf(COMMAND, args, 'memoryReference'), numberOf(COMMAND, args, 'offset', 0));
    const offset = Math.trunc(numberOf(COMMAND, args, 'instructionOffset', 0));
    const count = countOf(COMMAND, args, 'instructionCount', MOST);
    const bounded = Math.max(-MOST, Math.min(offset, MOST));
    const lines = launched.debug.disassembler.around(linear, bounded, count);
    return {
      instructions: lines.map((line): DebugProtocol.DisassembledInstruction => {
        const { location } = line;
        const starts = location && line.linear === location.linear;
        return {
          address: referenceOf(line.linear),
          instruction: textOf(launched, line),
          ...(line.bytes.length
            ? { instructionBytes: [...line.bytes].map((b) => b.toString(16).padStart(2, '0')).join(' ') }
            : {}),
          ...(line.label === undefined ? {} : { symbol: line.label }),
          ...(location && starts
            ? { location: session.source(location.file), line: session.toClientLine(location.line) }
            : {}),
          ...(line.invalid ? { presentationHint: 'invalid' as const } : {}),
        };
      }),
    };
  },
});

function textOf({ debug }: Launched, { text, linear, bytes }: DisassembledLine): string {
  const cs = debug.target.segment(SegIndex.CS);
  const offset = linear - cs.base;
  if (cs.base === 0 || bytes.length === 0 || offset < 0 || offset > cs.limit) return text;
  return `${text.padEnd(32)} ; ${farText(cs.selector, offset, bitsOfCs(debug.target))}`;
}
