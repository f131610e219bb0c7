// The preprocessor: reads sources line by line, runs directives, expands macros and gives the lines left to assemble
// (NASM manual, "The NASM Preprocessor"). One instance serves one pass.
import { EXPRESSION_TERMS, READ_PER_LINE } from '../limits';
import type { Origin } from '../diagnostics';
import { isConstant } from '../expr/ast';
import { Cursor } from '../expr/cursor';
import { ExpressionParser } from '../expr/parser';
import type { KnownLine } from '../knownLines';
import { isSimple, type Value } from '../expr/value';
import { Token, madeToken, withoutSpace, FileLine, type SourceLine } from '../token/token';
import { tokenize } from '../token/tokenizer';
import { AssemblyLine } from '../assemblyLine';
import { Expansion, Expansions, type Reading } from '../expansions';
import type { MacroFrame } from '../types';
import { addBuiltins } from './builtins';
import { environmentText } from './environment';
import { sourceFrame } from './directives/files';
import { emits } from './directives/conditional';
import { isSkipping, runDirective } from './directives/index';
import { expandLine } from './expand';
import { addFunctions } from './functions';
import { NameMap, names } from './nameMap';
import { expandMultiMacro } from './multiMacros';
import { expandParameters } from './parameters';
import { SingleMacroTable } from './singleMacros';
import { addStandardMacros } from './standard';
import { unquote } from '../text/quote';
import type {
  Block,
  Context,
  Definition,
  Frame,
  MultiMacro,
  PreprocessorHost,
  PreprocessorState,
  StoredLine,
} from './state';

const NO_MACROS: readonly MacroFrame[] = [];

export class Preprocessor implements PreprocessorState {
  readonly macros = new SingleMacroTable();
  readonly multi = new NameMap<MultiMacro[]>();
  readonly contexts: Context[] = [];
  readonly frames: Frame[] = [];
  readonly used = new Set<string>();
  readonly required = new Set<string>();
  readonly deferred: (() => void)[] = [];
  definition?: Definition;
  nestedMacros = 0;
  nestedReps = 0;
  unique = 0;
  calls = 0;
  indirections = 0;
  sanePragma = false;
  stack = { size: 4, pointer: 'ebp', argument: 8, local: 0 };
  passDependent = false;
  stopped = false;
  private produced = 0;
  private linesRead = 0;
  /** What the line at hand is read from, when its text comes again. */
  private source: { expansions?: Expansions | undefined } | undefined;
  /** The same, when it is a line of the file outside of macros. */
  private known: KnownLine | undefined;
  unsteady = 0;

  constructor(
    readonly host: PreprocessorHost,
    file: string,
    source: readonly StoredLine[],
    defines: Readonly<Record<string, string>>,
  ) {
    this.frames.push(sourceFrame(file, source));
    addBuiltins(this, !host.finalPass);
    addFunctions(this);
    addStandardMacros(this);
    for (const [name, value] of Object.entries(defines)) {
      this.macros.define({ name, caseSensitive: true, body: tokenize(value.trim()) }, () => undefined);
    }
  }

  /** The next line to assemble; undefined at the end. */
  next(): AssemblyLine | undefined {
    while (!this.stopped) {
      const frame = this.frames.at(-1);
      if (!frame) break;
      if (this.skipLine(frame)) continue;
      const known = this.knownLine(frame);
      const line = known ? undefined : this.read(frame);
      if (!known && !line) continue;
      if (++this.linesRead > this.host.limits.lines * READ_PER_LINE) {
        this.fatal(`more than ${this.host.limits.lines * READ_PER_LINE} lines read: does a %rep run away?`);
        break;
      }
      const reading = known?.reading ?? this.process(line!);
      if (!reading) continue;
      if (++this.produced > this.host.limits.lines) {
        this.fatal(`overall line count exceeds the maximum ${this.host.limits.lines}: use times instead of %rep`);
        break;
      }
      if (reading.empty) continue;
      return known ?? new AssemblyLine(reading, this.origin());
    }
    return undefined;
  }

  /** Takes the next line of the file when there is nothing in it for the preprocessor, or nothing that it has not done before. */
  private knownLine(frame: Frame): AssemblyLine | undefined {
    if (frame.blocks.length > 0 || this.definition || !emits(frame.conditions.at(-1)?.state)) return undefined;
    const line = frame.lines[frame.index];
    if (!line || line.joins) return undefined;
    const known = line.known.know();
    const plain = known.plainIn === names.state || this.isPlain(known);
    const reading = plain ? known : known.steadyIn === names.definitions ? known.expansion : undefined;
    if (!reading) return undefined;
    frame.index++;
    return new AssemblyLine(reading, this.place(frame, line));
  }

  private isPlain(known: KnownLine): boolean {
    if (!known.words) return false;
    for (const word of known.words) {
      if (word.plainIn === names.state) continue;
      if (this.macros.candidates(word.text) || this.multiNamed(word.text)) return false;
      word.plainIn = names.state;
    }
    known.plainIn = names.state;
    return true;
  }

  /** Passes over a line that is not taken and holds no directive that could change that. */
  private skipLine(frame: Frame): boolean {
    if (emits(frame.conditions.at(-1)?.state) || frame.blocks.length > 0 || this.definition) return false;
    const line = frame.lines[frame.index];
    if (!line || line.text.includes('%') || line.text.startsWith('#')) return false;
    frame.index++;
    this.place(frame, line);
    return true;
  }

  private readingOf(tokens: readonly Token[]): Expansion {
    const { source } = this;
    return source ? (source.expansions ??= new Expansions()).of(tokens) : new Expansion(tokens, undefined);
  }

  /** Reports what the end of the source left open. */
  end(): void {
    if (this.stopped || !this.definition) return;
    const { macro, where } = this.definition;
    const message = macro
      ? `end of file while still defining macro \`${macro.name}': add %endmacro`
      : 'end of file while still in %rep: add %endrep';
    this.host.report('error', message, { at: where, stack: [] });
  }

  /** One line from the innermost block or the file; undefined when one of them just ended. */
  private read(frame: Frame): readonly Token[] | undefined {
    const block = frame.blocks.at(-1);
    this.known = undefined;
    if (block) {
      if (block.index >= block.lines.length) {
        this.endBlock(frame, block);
        return undefined;
      }
      const line = block.lines[block.index++]!;
      const { tokens, where } = line;
      this.source = line;
      frame.where = where;
      if (!block.silent) this.host.listLine(tokens, where.line);
      return tokens;
    }
    const line = frame.lines[frame.index++];
    if (!line) {
      this.endFile(frame);
      return undefined;
    }
    const where = this.place(frame, line);
    if (!line.joins && !this.definition) {
      const known = line.known.know();
      if (known.shared) {
        this.source = this.known = known;
        return known.tokens;
      }
    }
    this.source = undefined;
    return (line.tokens ??= this.scan(line, where));
  }

  /** Lists the line and makes it the place of what follows; where it was in the last pass holds unless %line moved it. */
  private place(frame: Frame, line: StoredLine): FileLine {
    const number = frame.lineBase + line.line * frame.lineStep;
    let { where } = line;
    if (where?.line !== number || where.file !== frame.file) {
      line.where = where = new FileLine(frame.file, number);
      line.tokens = undefined;
    }
    if (where === line) this.host.listStored(line);
    else this.host.listLine(line.text, number);
    frame.where = where;
    return where;
  }

  private scan(line: StoredLine, at: SourceLine): Token[] {
    let clean = true;
    const tokens = tokenize(line.text, {
      at,
      joins: line.joins,
      onProblem: ({ message, code, column, endColumn }) => {
        clean = false;
        if (isSkipping(this)) return;
        this.warn(code ?? 'other', message, new Token('other', '', at, column, endColumn));
      },
    });
    // What deserves a warning is read anew each time: in another pass the line may not be skipped.
    if (!clean) line.where = undefined;
    return tokens;
  }

  multiNamed(name: string): readonly MultiMacro[] | undefined {
    return this.multi.get(name) ?? this.multi.get(name.toLowerCase());
  }

  private endBlock(frame: Frame, block: Block): void {
    if (!block.invocation && block.remaining > 1) {
      block.remaining--;
      block.index = 0;
      return;
    }
    if (this.definition && !this.definition.macro && block.invocation) {
      this.fatal(`\`%rep' without \`%endrep' within expansion of macro \`${block.invocation.macro.name}'`);
    }
    frame.blocks.pop();
    frame.where = block.returnTo;
    if (block.invocation) block.invocation.macro.active--;
    if (!frame.blocks.some((other) => other.invocation)) this.calls = 0;
    if (!block.silent) this.host.listLevel(-1);
  }

  private endFile(frame: Frame): void {
    const open = frame.conditions.at(-1);
    if (open) {
      const message = `expected \`%endif' before end of file: this \`${open.word.text}' is still open`;
      this.host.report('error', message, open.origin, open.word);
      this.stopped = true;
      return;
    }
    this.frames.pop();
    if (this.frames.length > 0) this.host.listLevel(-1);
  }

  /** What is to be assembled for the line; undefined when it is a directive, belongs to a body or calls a macro. */
  private process(line: readonly Token[]): Reading | undefined {
    const { known } = this;
    const before = this.variations;
    const tokens = this.outputOf(line);
    if (!tokens) return undefined;
    const finished = this.finish(tokens);
    const reading = this.readingOf(finished);
    if (known && finished === tokens && before === this.variations) {
      known.expansion = reading;
      known.steadyIn = names.definitions;
    }
    return reading;
  }

  steadily(ask: () => boolean | undefined): boolean | undefined {
    const { known } = this;
    if (known?.steadyIn === names.definitions && known.condition !== undefined) return known.condition;
    const before = this.variations;
    const answer = ask();
    if (known && before === this.variations) {
      known.condition = answer;
      known.steadyIn = names.definitions;
    }
    return answer;
  }

  /** Rises whenever something happens that need not happen when the line comes again. */
  private get variations(): number {
    return this.unsteady + this.host.reports + names.definitions;
  }

  /** The line's tokens when it is to be assembled. */
  private outputOf(line: readonly Token[]): readonly Token[] | undefined {
    const collecting = this.definition !== undefined;
    const tokens = collecting || isSkipping(this) ? line : this.expandParameters(line);
    const result = runDirective(this, tokens);
    if (result !== 'none') return result === 'done' ? undefined : result.output;
    if (this.definition) {
      this.definition.lines.push({ tokens, where: this.frame().where });
      return undefined;
    }
    if (isSkipping(this)) return undefined;
    const expanded = this.expand(tokens);
    return expandMultiMacro(this, expanded) ? undefined : expanded;
  }

  /** Environment variables and context-local labels become text. */
  private finish(tokens: readonly Token[]): readonly Token[] {
    if (!tokens.some((token) => token.kind === 'env' || token.kind === 'ctx')) return tokens;
    return tokens.flatMap((token) => {
      if (token.kind === 'env') {
        return this.tokenize(environmentText(this, token, unquote(token.text.slice(2))), token);
      }
      if (token.kind !== 'ctx') return [token];
      const found = this.context(token.text);
      return found ? [madeToken('id', `..@${found.context.number}.${found.name}`, token)] : [];
    });
  }

  frame(): Frame {
    return this.frames.at(-1)!;
  }

  origin(): Origin {
    const frame = this.frame();
    let call = frame.blocks.at(-1)?.macro;
    if (!call) return { at: frame.where, stack: NO_MACROS };
    const stack: MacroFrame[] = [];
    let where = frame.where;
    for (; ; call = call.outer) {
      if (!call.macro.silent) stack.push({ macro: call.macro.name, file: where.file, line: where.line });
      where = call.callAt;
      if (!call.outer) return { at: where, stack, call: call.name };
    }
  }

  error(message: string, token?: Token): void {
    this.host.report('error', message, this.origin(), token);
  }

  warn(code: string, message: string, token?: Token): void {
    this.host.report('warning', message, this.origin(), token, code);
  }

  fatal(message: string, token?: Token): void {
    this.error(message, token);
    this.stopped = true;
  }

  expand(tokens: readonly Token[]): Token[] {
    return expandLine(this, tokens);
  }

  expandParameters(tokens: readonly Token[]): Token[] {
    return expandParameters(this, tokens);
  }

  tokenize(text: string, place?: Token): Token[] {
    return tokenize(text).map((token) => token.movedTo(place));
  }

  evaluate(tokens: readonly Token[]): Value | undefined {
    const words = withoutSpace(tokens);
    if (words.length > EXPRESSION_TERMS * 2) {
      this.error('expression too long', words[0]);
      return undefined;
    }
    const cursor = new Cursor(words, (message, token) => this.error(message, token ?? words.at(-1)));
    const expr = new ExpressionParser(cursor).parse();
    if (!expr) return undefined;
    if (!isConstant(expr)) this.unsteady++;
    if (!cursor.atEnd) this.warn('pp-trailing', 'trailing garbage after expression ignored', cursor.token);
    return this.host.evaluate(expr, this);
  }

  evaluateNumber(tokens: readonly Token[], complaint: string): bigint | undefined {
    const value = this.evaluate(tokens);
    if (!value) return undefined;
    if (isSimple(value)) return value.number;
    this.error(complaint, withoutSpace(tokens)[0]);
    return undefined;
  }

  context(text: string): { context: Context; name: string } | undefined {
    const match = /^%\$(\$*)(.*)$/s.exec(text);
    if (!match) return undefined;
    if (this.contexts.length === 0) {
      this.error(`\`${text}': context stack is empty`);
      return undefined;
    }
    const depth = match[1]!.length;
    const context = this.contexts[this.contexts.length - 1 - depth];
    if (context) return { context, name: match[2]! };
    const levels = this.contexts.length;
    this.error(`\`${text}': context stack is only ${levels} level${levels === 1 ? '' : 's'} deep`);
    return undefined;
  }

  macroScope(text: string): { table: SingleMacroTable; name: string } | undefined {
    if (!text.startsWith('%$')) return { table: this.macros, name: text };
    const found = this.context(text);
    return found && { table: found.context.macros, name: found.name };
  }
}
