// Attributes of the section directive in flat binaries: start, align, follows, vstart, valign, vfollows, progbits, nobits
// (NASM manual, "Multisection Support for the bin Format").
import type { Section } from './section';

export interface AttributeReporter {
  error(message: string): void;
  warn(message: string): void;
  /** Evaluates critical expression text; undefined after an error. */
  evaluate(text: string): bigint | undefined;
}

const ATTRIBUTE = /^(align|start|vstart|valign|follows|vfollows)=/i;

/** Text of the value at the start of `text`: up to white space, or a whole parenthesis. */
function takeValue(text: string): { value: string; rest: string } | undefined {
  if (!text.startsWith('(')) {
    const end = text.search(/\s/);
    return end < 0 ? { value: text, rest: '' } : { value: text.slice(0, end), rest: text.slice(end) };
  }
  let depth = 0;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (quote) {
      if (character === quote) quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return { value: text.slice(1, i), rest: text.slice(i + 1) };
  }
  return undefined;
}

const isPowerOfTwo = (value: bigint): boolean => value > 0n && (value & (value - 1n)) === 0n;

export function assignAttributes(section: Section, text: string, report: AttributeReporter): void {
  let rest = text.trim();
  while (rest !== '') {
    const match = ATTRIBUTE.exec(rest);
    if (match) {
      const name = match[1]!.toLowerCase() as 'align';
      const taken = takeValue(rest.slice(match[0].length));
      if (!taken) {
        report.error("expecting `)' in `section' directive");
        return;
      }
      rest = taken.rest.trim();
      assign(section, name, taken.value, report);
      continue;
    }
    const end = rest.search(/\s/);
    const word = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 ? '' : rest.slice(end).trim();
    const type = word.toLowerCase();
    if (type !== 'progbits' && type !== 'nobits') report.warn(`ignoring unknown section attribute: "${word}"`);
    else if (section.type !== undefined && section.type !== type) {
      report.error(`attempt to change section type from ${section.type} to ${type}`);
    } else section.type = type;
  }
}

function assign(
  section: Section,
  name: 'align' | 'start' | 'vstart' | 'valign' | 'follows' | 'vfollows',
  text: string,
  report: AttributeReporter,
): void {
  const { attributes } = section;
  if (name === 'follows' || name === 'vfollows') {
    const other = name === 'follows' ? 'start' : 'vstart';
    if (text === '') report.error(`expecting section name for \`${name}' attribute`);
    else if (attributes[other] !== undefined)
      report.error(`cannot combine \`${other}' and \`${name}' section attributes`);
    else attributes[name] = text;
    return;
  }
  if (text === '') {
    report.warn("No value given to attribute in `section' directive");
    return;
  }
  const value = report.evaluate(text);
  if (value === undefined) return;
  if (name === 'align' || name === 'valign') alignment(section, name, value, report);
  else address(section, name, value, report);
}

function alignment(section: Section, name: 'align' | 'valign', value: bigint, report: AttributeReporter): void {
  const { attributes } = section;
  const fixed = name === 'align' ? 'start' : 'vstart';
  if (!isPowerOfTwo(value)) {
    report.error(`argument to \`${name}' is not a power of two`);
    return;
  }
  const wanted = Math.max(Number(value), attributes[name] ?? 1);
  const at = attributes[fixed];
  if (at !== undefined && at % BigInt(wanted) !== 0n)
    report.error(`\`${name}' value conflicts with section ${fixed} address`);
  else attributes[name] = wanted;
}

function address(section: Section, name: 'start' | 'vstart', value: bigint, report: AttributeReporter): void {
  const { attributes } = section;
  const [follows, align] = name === 'start' ? (['follows', 'align'] as const) : (['vfollows', 'valign'] as const);
  const at = BigInt.asUintN(64, value);
  if (attributes[follows] !== undefined) report.error(`cannot combine \`${name}' and \`${follows}' section attributes`);
  else if (attributes[name] !== undefined && attributes[name] !== at) {
    report.error(
      name === 'start' ? 'section start address redefined' : 'section virtual start address (vstart) redefined',
    );
  } else {
    attributes[name] = at;
    const unit = attributes[align];
    if (unit === undefined) return;
    if (at % BigInt(unit) !== 0n)
      report.error(`\`${name}' address conflicts with section ${align === 'align' ? 'alignment' : "`valign' value"}`);
    delete attributes[align];
  }
}
