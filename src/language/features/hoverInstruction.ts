// Hover of instructions, from the table: what it does in words and in pseudo-code, the encoding chosen here, forms, flags, privilege, processor.
import { decode } from '../../isa/decode';
import { format } from '../../isa/format';
import { pseudocodeOf } from '../../isa/pseudocode/pseudocode';
import type { Row } from '../../isa/types';
import { faultsOf, privilegeText } from '../faults';
import { flagsText, formsOf, formText, processorText } from '../instructionText';
import type { Project } from '../project/project';
import type { SyntaxLine } from '../syntax/types';
import { hex, hexBytes, plural } from '../text';

/** Expansions of a macro's body shown. */
const MOST_PLACES = 3;

export function instructionHover(project: Project, path: string, line: SyntaxLine, mnemonic: string): string {
  const forms = formsOf(mnemonic);
  const chosen = encodings(project, path, line);
  const row = chosen.find(({ form }) => form)?.form ?? forms[0];
  if (!row) return `**${mnemonic}**`;
  const parts = [`**${mnemonic.toUpperCase()}** — ${row.doc ?? ''}`];
  const operation = pseudocodeOf(row);
  if (operation !== undefined) parts.push(`\`\`\`text\n${operation}\n\`\`\``);
  for (const { text } of chosen.slice(0, MOST_PLACES)) parts.push(text);
  if (chosen.length > MOST_PLACES) parts.push(`and ${chosen.length - MOST_PLACES} more`);
  parts.push(`*Forms*\n\n\`\`\`ringside-asm\n${[...new Set(forms.map(formText))].join('\n')}\n\`\`\``);
  parts.push(facts(row).join('  \n'));
  return parts.join('\n\n');
}

function facts(row: Row): string[] {
  const privilege = privilegeText(row);
  return [
    `*Flags*: ${flagsText(row)}`,
    ...(privilege ? [`*Privilege*: ${privilege}`] : []),
    ...faultsOf(row).map((fault) => `*Fault*: ${fault}`),
    ...(row.lock ? ['*Prefix*: LOCK, with a memory destination'] : []),
    ...(row.rep && row.rep !== 'bnd' ? [`*Prefix*: ${row.rep === 'rep' ? 'REP' : 'REPE, REPNE'}`] : []),
    `*Since*: ${processorText(row)}`,
  ];
}

function encodings(project: Project, path: string, line: SyntaxLine): { text: string; form: Row | undefined }[] {
  const analysis = project.analysis(path);
  if (!analysis) return [];
  return analysis
    .entriesOf(path, line.line)
    .filter((entry) => entry.kind === 'code' && entry.length > 0)
    .map((entry) => {
      const bytes = analysis.bytesOf(entry);
      const insn = decode(bytes, 0, entry.bits);
      const count = bytes.length > insn.len ? `, ${plural(bytes.length, 'byte')} in all` : '';
      const shown = bytes.subarray(0, insn.len);
      const form = insn.row ? `form \`${formText(insn.row)}\`, encoded \`${insn.row.enc}\`` : '';
      const text =
        `Here, at \`${hex(entry.address)}\` in ${entry.bits}-bit code: \`${hexBytes(shown)}\`` +
        ` = \`${format(insn, { ip: BigInt(entry.address) })}\`${count}  \n${form}`;
      return { text, form: insn.row && insn.row.mn === line.head?.text.toLowerCase() ? insn.row : undefined };
    });
}
