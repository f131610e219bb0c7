// Commands of the debug console beside expressions: memory dumps, tables, disassembly. A command is told from an expression
// by its first word, which is no register and no label.

import type { Debugger } from '../debugger';
import type { SymbolRecord } from '../../symbols/symbolTable';
import { hexLinear } from '../linear';
import { SCOPES, type Scope } from '../scopes/scopes';
import { childrenOf, type VariableNode } from '../scopes/node';
import { walkNode } from '../scopes/tables';
import { EXCEPTION_VECTORS } from '../vectors';
import { dump } from './dump';
import type { ConsoleResult } from './result';

interface Command {
  name: string;
  usage: string;
  doc: string;
  run(debug: Debugger, rest: string, frame: number): ConsoleResult;
}

const good = (text: string): ConsoleResult => ({ ok: true, text });
const bad = (text: string): ConsoleResult => ({ ok: false, text });

/** Lines of a tree, two levels deep at most. */
const lines = (nodes: readonly VariableNode[], indent = ''): string[] =>
  nodes.map(({ name, value, type }) => `${indent}${name.padEnd(8)} ${value}${type ? `  ${type}` : ''}`);

const INFO: Readonly<Record<string, string>> = {
  registers: 'general',
  segments: 'segments',
  flags: 'flags',
  control: 'control',
  debug: 'debug',
  fpu: 'fpu',
  sse: 'sse',
  msrs: 'msrs',
};
const TABLES: Readonly<Record<string, string>> = {
  gdt: 'GDT',
  idt: 'IDT',
  ivt: 'IVT',
  ldt: 'LDTR',
  tss: 'TR',
  pages: 'Page tables',
};
const INFO_NAMES = [...Object.keys(INFO), ...Object.keys(TABLES), 'stack', 'symbols', 'transitions', 'vectors'];

const scope = (id: string): Scope => SCOPES.find((s) => s.id === id)!;

function info(debug: Debugger, rest: string, frame: number): ConsoleResult {
  const what = rest.trim().toLowerCase();
  const context = debug.context(frame);
  const scopeId = INFO[what];
  if (scopeId) {
    const { name, variables, exists } = scope(scopeId);
    if (!(exists?.(debug.target) ?? true)) return bad(`this processor has no ${name} registers`);
    const nodes = variables(context);
    return { ok: true, text: lines(nodes).join('\n'), node: { name, value: name, children: childrenOf(() => nodes) } };
  }
  const table = TABLES[what];
  if (table) {
    const node = scope('tables')
      .variables(context)
      .find(({ name }) => name === table);
    if (!node)
      return bad(what === 'idt' ? 'real mode has a vector table: info ivt' : `there is no ${table} in this mode`);
    const entries = node.children?.list(0, 256).filter(({ value }) => value !== 'empty') ?? [];
    return { ok: true, text: [`${node.name} ${node.value}`, ...lines(entries, '  ')].join('\n'), node };
  }
  if (what === 'stack') {
    const frames = debug.stack().map((f, i) => {
      const at = `#${i} ${hexLinear(f.linear)} ${debug.labelText(f.lookup) ?? ''}`.trimEnd();
      return f.boundary ? `${f.boundary}\n${at}` : at;
    });
    return good(frames.join('\n'));
  }
  if (what === 'symbols') {
    const all = debug.program?.symbols.all ?? [];
    return good(all.map((s) => `${symbolValue(s)} ${s.kind.padEnd(8)} ${s.name}`).join('\n') || 'no symbols');
  }
  if (what === 'transitions') {
    const kinds = Object.entries(debug.timeline.kinds()).map(([kind, count]) => `${kind.padEnd(14)} ${count}`);
    return good(kinds.join('\n') || 'no transitions yet');
  }
  if (what === 'vectors')
    return good(
      EXCEPTION_VECTORS.map((v) => `${String(v.vector).padStart(2)} ${v.mnemonic} ${v.name}: ${v.meaning}`).join('\n'),
    );
  return bad(`info needs one of: ${INFO_NAMES.join(', ')}`);
}

const symbolValue = ({ kind, value, exact }: SymbolRecord): string =>
  kind === 'constant' ? (exact ?? BigInt(value)).toString(16).padStart(8, '0') : hexLinear(value);

function examine(debug: Debugger, rest: string, frame: number): ConsoleResult {
  const match = /^(?:\/(\d+)?([xdcsi])?([bwgh])?|)\s*(.*)$/i.exec(rest);
  if (!match?.[4]) return bad('x needs an address: x/16xb ds:si');
  const address = debug.address(match[4], frame);
  if (!address.ok) return bad(address.error.message);
  const count = Math.min(Number(match[1] ?? 1), 4096);
  const format = (match[2] ?? 'x').toLowerCase();
  if (format === 'i') {
    if (address.space === 'physical') return bad('instructions are decoded at linear addresses');
    return disassembly(debug, address.at, count);
  }
  const unit = { b: 1, h: 2, w: 4, g: 8 }[(match[3] ?? (format === 'c' || format === 's' ? 'b' : 'w')).toLowerCase()]!;
  return dump(debug.target, address.space, address.at, count, unit, format as 'x' | 'd' | 'c' | 's');
}

function disassembly(debug: Debugger, linear: number, count: number): ConsoleResult {
  const text = debug.disassembler.around(linear, 0, count).map((line) => {
    const bytes = [...line.bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
    const label = line.label === undefined ? '' : `${line.label}:\n`;
    return `${label}${hexLinear(line.linear)}  ${bytes.padEnd(16)}  ${line.text}`;
  });
  return good(text.join('\n'));
}

const COMMANDS: readonly Command[] = [
  {
    name: 'help',
    usage: 'help',
    doc: 'this list',
    run: () => good([...COMMANDS.map(({ usage, doc }) => `${usage.padEnd(26)} ${doc}`), '', ...EXPRESSIONS].join('\n')),
  },
  { name: 'info', usage: 'info WHAT', doc: INFO_NAMES.join(', '), run: info },
  {
    name: 'x',
    usage: 'x/16xb ADDRESS',
    doc: 'memory: count, format x d c s i, unit b h w g (1, 2, 4, 8 bytes)',
    run: examine,
  },
  {
    name: 'disassemble',
    usage: 'disassemble [ADDRESS]',
    doc: 'ten instructions',
    run: (debug, rest, frame) => {
      const address = rest.trim()
        ? debug.address(rest, frame)
        : { ok: true as const, space: 'linear' as const, at: debug.code.pc };
      return address.ok ? disassembly(debug, address.at, 10) : bad(address.error.message);
    },
  },
  {
    name: 'walk',
    usage: 'walk ADDRESS',
    doc: 'page walk of a linear address',
    run: (debug, rest, frame) => {
      if (!debug.target.paging) return bad('paging is off: linear addresses are physical');
      const address = debug.address(rest, frame);
      if (!address.ok) return bad(address.error.message);
      const node = walkNode('walk', address.at, debug.context(frame));
      return { ok: true, text: [node.value, ...lines(node.children!.list(), '  ')].join('\n'), node };
    },
  },
  {
    name: 'where',
    usage: 'where ADDRESS',
    doc: 'label and source line of an address',
    run: (debug, rest, frame) => {
      const address = debug.address(rest, frame);
      if (!address.ok) return bad(address.error.message);
      const location = debug.locate(address.at);
      const label = debug.labelText(address.at);
      if (!location) return good(label ?? 'no source and no label there');
      return good(`${location.file}:${location.line}${label ? ` (${label})` : ''}`);
    },
  },
];

const EXPRESSIONS = [
  'Anything else is an expression: registers (eax, al, cs, zf, cr0), labels, numbers (0x1f, 1fh, 0b101),',
  "memory (byte [ds:si+2], dword [label], [phys:0xb8000]), addresses (0x7c00, ds:si, 08:1234), C's operators,",
  'assignments (ax = 5, byte [label] = 0).',
];

/** Runs a command, or answers undefined when the text is an expression. */
export function runCommand(debug: Debugger, text: string, frame: number): ConsoleResult | undefined {
  const match = /^\s*([a-z]+)(?=$|[\s/])(.*)$/is.exec(text);
  const command = COMMANDS.find(({ name }) => name === match?.[1]?.toLowerCase());
  if (!command || (debug.program?.symbols.find(command.name) && !match![2]!.trim())) return undefined;
  return command.run(debug, match![2]!, frame);
}

export const COMMAND_NAMES: readonly string[] = COMMANDS.map(({ name }) => name);
export const INFO_ARGUMENTS: readonly string[] = INFO_NAMES;
