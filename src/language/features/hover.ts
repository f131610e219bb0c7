// Hover: what a word means, in Markdown.
import type { Token } from '../../asm/token/token';
import { keyword } from '../../asm/token/keywords';
import { lookupRegister } from '../../isa/registers';
import { parseNumber } from '../../asm/text/numbers';
import type { Position, Range } from '../position';
import { GAS_DIRECTIVES } from '../gasWords';
import { gasInstruction } from '../gasInstructions';
import type { Project } from '../project/project';
import { rangeOf } from '../syntax/scan';
import { DIRECTIVES, MODIFIERS, PREFIX_DOCS, PREPROCESSOR, PSEUDO, SIZE_WORDS } from '../words';
import { cursorAt, type Cursor } from './cursor';
import { instructionHover } from './hoverInstruction';
import { numberHover, stringHover } from './hoverNumber';
import { registerHover } from './hoverRegister';
import { symbolHover } from './hoverSymbol';

export interface Hover {
  markdown: string;
  range: Range;
}

export function hover(project: Project, path: string, position: Position): Hover | undefined {
  const syntax = project.syntax(path);
  const cursor = syntax && cursorAt(syntax, position);
  if (!cursor?.token) return undefined;
  const { token } = cursor;
  const markdown = textFor(project, path, position, cursor, token);
  return markdown === undefined ? undefined : { markdown, range: rangeOf(token) };
}

function textFor(
  project: Project,
  path: string,
  position: Position,
  { line }: Cursor,
  token: Token,
): string | undefined {
  switch (token.kind) {
    case 'num': {
      if (project.flavour(path) === 'gas' && project.nameAt(path, position.line, position.character)) return undefined; // 1b
      const parsed = parseNumber(project.flavour(path) === 'gas' ? token.text.replace(/^\$/, '') : token.text);
      return parsed && numberHover(parsed.value, project.lastAnalysis(path));
    }
    case 'str':
      return line.kind === 'preprocessor' ? undefined : stringHover(token.text);
    case 'ppid': {
      const name = token.text.slice(1).toLowerCase();
      const doc = PREPROCESSOR[name];
      return doc && `\`%${name}\`: ${doc}`;
    }
    case 'id':
    case 'local':
    case 'ctx':
      break;
    default:
      return undefined;
  }
  const name = project.nameAt(path, position.line, position.character);
  const symbol = name && symbolHover(project, path, name, line);
  return symbol ?? wordHover(project, path, line, token);
}

/** AT&T spellings: `%eax`, `movl`. */
function gasHover(project: Project, path: string, line: Cursor['line'], word: string): string | undefined {
  const directive = word.startsWith('.') ? GAS_DIRECTIVES[word.slice(1)] : undefined;
  if (directive) return `**${word}**: ${directive}`;
  const register = lookupRegister(word.replace(/^%/, ''));
  if (register) return registerHover(word.replace(/^%/, ''), register);
  const instruction = line.head?.text.toLowerCase() === word ? gasInstruction(word) : undefined;
  return instruction && instructionHover(project, path, line, instruction.mnemonic);
}

function wordHover(project: Project, path: string, line: Cursor['line'], token: Token): string | undefined {
  const word = token.text.toLowerCase();
  if (project.flavour(path) === 'gas') return gasHover(project, path, line, word);
  const known = keyword(token.text);
  if (known?.type === 'register') return registerHover(known.name, known.register);
  if (known?.type === 'instruction' && !known.pseudo) return instructionHover(project, path, line, word);
  const doc = PSEUDO[word] ?? PREFIX_DOCS[word] ?? MODIFIERS[word] ?? DIRECTIVES[word];
  if (doc) return `**${word}**: ${doc}`;
  return SIZE_WORDS[word] && `**${word}**: ${SIZE_WORDS[word]}`;
}
