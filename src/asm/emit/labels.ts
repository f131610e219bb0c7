// Symbols: labels, equ constants, externals; local names; and how many of them moved in a pass, which tells the optimiser
// whether another pass is needed (NASM manual, "Local Labels", "GLOBAL", "EXTERN", "COMMON").
import type { Origin } from '../diagnostics';
import type { SymbolValue } from '../expr/evaluate';
import type { Value } from '../expr/value';
import type { Token } from '../token/token';

export type LabelType = 'local' | 'static' | 'global' | 'extern' | 'required' | 'common' | 'special' | 'backend';

export class Label implements SymbolValue {
  segment = -1;
  /** Its offset as a number. */
  at = 0;
  external = false;
  type: LabelType = 'local';
  /** Size of a common variable. */
  size = 0n;
  /** Pass of the last definition, 0 = none. */
  definedIn = 0;
  attributes: string | undefined = undefined;
  origin: Origin | undefined = undefined;
  token: Token | undefined = undefined;
  /** Defined by equ. */
  constant = false;
  /** Place in the order of first definition. */
  order = 0;
  /** Some expression asked for its value. */
  referenced = false;
  /** How often its value has become another one, and how often one of another kind. */
  moves = 0;
  turns = 0;
  value: Value | undefined = undefined;
  private exact: bigint | undefined = undefined;

  constructor(readonly name: string) {}

  get offset(): bigint {
    return (this.exact ??= BigInt(this.at));
  }

  isAt(segment: number, offset: bigint | number): boolean {
    if (this.segment !== segment) return false;
    return typeof offset === 'number' ? this.at === offset && Number.isSafeInteger(offset) : this.offset === offset;
  }

  moveTo(segment: number, offset: bigint | number): void {
    this.moves++;
    if (this.segment !== segment) this.turn();
    this.segment = segment;
    this.at = Number(offset);
    this.exact = typeof offset === 'number' ? undefined : offset;
    this.value = undefined;
  }

  /** It has become a value of another kind: defined, of another section, external. */
  turn(): void {
    this.moves++;
    this.turns++;
  }
}

/** What an ELF object has before and behind names: of symbols that others see, and of local ones. */
export interface Decorations {
  gprefix?: string;
  gsuffix?: string;
  lprefix?: string;
  lsuffix?: string;
}

export interface LabelReporter {
  /** No error so far: where there is one, labels may well move. */
  clean(): boolean;
  error(message: string, origin: Origin, token?: Token): void;
  info(message: string, origin: Origin, token?: Token): void;
  warn(code: string, message: string, origin: Origin, token?: Token): void;
}

const TYPE_WORDS: Readonly<Record<LabelType, string>> = {
  local: 'local',
  static: 'static',
  global: 'global',
  extern: 'extern',
  required: 'required',
  common: 'common',
  special: 'special',
  backend: 'backend',
};

const isLocal = (name: string): boolean => name.charCodeAt(0) === 46 && name.charCodeAt(1) !== 46;
const isExternal = (type: LabelType): boolean => type === 'extern' || type === 'required';
const isShared = (type: LabelType): boolean => type === 'global' || type === 'common';

export class LabelTable {
  readonly labels = new Map<string, Label>();
  /** Symbols that are new or moved since the pass began. */
  changed = 0;
  lastChanged: Label | undefined;
  /** Labels in the order of their definitions in the last pass before code generation. */
  sequence: Label[] = [];
  private current = '';
  /** Local labels by the scope's name, and those of the current one, by the name as written. */
  private readonly scopes = new Map<string, Map<string, Label>>();
  private locals: Map<string, Label> | undefined;
  /** Some label was written with its scope and may be a local one of that scope. */
  private composed = false;
  private pass = 0;
  private order = 0;

  constructor(
    private readonly report: LabelReporter,
    private readonly allocateSegment: () => number,
  ) {}

  startPass(pass: number, final: boolean): void {
    this.pass = pass;
    if (!final) this.sequence = [];
    this.changed = 0;
    this.scope = '';
  }

  /** The last non-local label: what `.x` belongs to. */
  get scope(): string {
    return this.current;
  }

  set scope(name: string) {
    this.current = name;
    this.locals = this.scopes.get(name);
  }

  fullName(name: string): string {
    return isLocal(name) ? this.scope + name : name;
  }

  private entry(name: string): Label {
    let label = this.find(name);
    if (!label) {
      const full = this.fullName(name);
      label = new Label(full);
      this.labels.set(full, label);
      if (isLocal(name)) this.addLocal(name, label);
      else if (name.includes('.')) this.composed = true;
    }
    return label;
  }

  private find(name: string): Label | undefined {
    if (!isLocal(name)) return this.labels.get(name);
    const known = this.locals?.get(name);
    if (known || !this.composed) return known;
    const label = this.labels.get(this.current + name);
    if (label) this.addLocal(name, label);
    return label;
  }

  private addLocal(name: string, label: Label): void {
    if (!this.locals) this.scopes.set(this.current, (this.locals = new Map<string, Label>()));
    this.locals.set(name, label);
  }

  /** Value of a symbol as known so far; the last pass's value until this pass defines it anew. */
  lookup(name: string): Label | undefined {
    const label = this.find(name);
    if (!label) return undefined;
    label.referenced = true;
    return label.definedIn > 0 ? label : undefined;
  }

  /**
   * `final`: code is being generated, nothing may move any more. `segment` undefined: an external's own pseudo-segment. `known`:
   * the label of that name in that place.
   */
  define(
    name: string,
    segment: number | undefined,
    offset: bigint | number,
    origin: Origin,
    token: Token | undefined,
    options: DefineOptions,
    known?: Label,
  ): Label {
    const label = known ?? this.entry(name);
    let last = label.definedIn;
    if (segment !== undefined && isExternal(label.type)) {
      label.type = 'global';
      last = 0;
    }
    if (name.startsWith('..') && name[2] !== '@' && label.type === 'local') label.type = 'special';
    if (options.opensScope && !name.startsWith('.')) this.scope = label.name;
    const target = segment ?? (label.definedIn > 0 ? label.segment : this.allocateSegment());
    const size = label.type === 'common' ? BigInt(offset) : 0n;
    const value = label.type === 'common' ? 0 : offset;
    const moved = last === 0 || !label.isAt(target, value);
    const changed = moved || label.size !== size;
    if (changed) {
      this.changed++;
      this.lastChanged = label;
    }
    if (last === this.pass) this.redefined(label, changed, origin, token);
    else if (changed && options.final && label.type !== 'special' && this.report.clean()) {
      const what = last === 0 ? 'defined' : 'changed';
      this.report.error(`label \`${label.name}' ${what} during code generation`, origin, token);
    }
    if (last !== this.pass && !options.final) this.sequence.push(label);
    if (last === 0 && label.order === 0) label.order = ++this.order;
    if (moved) label.moveTo(target, value);
    const external = isExternal(label.type);
    if (last === 0 || external !== label.external) label.turn();
    label.external = external;
    label.size = size;
    label.definedIn = this.pass;
    if (changed || last !== this.pass) {
      label.origin = origin;
      label.token = token;
      label.constant = options.constant ?? false;
    }
    return label;
  }

  /** A name of the output format, such as `..got`. */
  defineBackend(name: string, segment: number, offset = 0n): void {
    const label = this.entry(name);
    if (label.definedIn === 0 || !label.isAt(segment, offset)) label.moveTo(segment, offset);
    label.turn();
    label.definedIn = 1;
    label.type = 'backend';
  }

  private redefined(label: Label, changed: boolean, origin: Origin, token: Token | undefined): void {
    const first = `info: label \`${label.name}' originally defined here`;
    if (changed) {
      this.report.error(`label \`${label.name}' inconsistently redefined`, origin, token);
      if (label.origin) this.report.info(first.slice(6), label.origin, label.token);
    } else {
      this.report.warn('label-redef', `label \`${label.name}' redefined to an identical value`, origin, token);
    }
  }

  /** True when the symbol may be given a value by the declaration (extern, common). */
  declare(
    name: string,
    type: LabelType,
    attributes: string | undefined,
    stable: boolean,
    origin: Origin,
    token?: Token,
  ): boolean {
    const label = this.entry(name);
    const old = label.type;
    if (old === type || (!stable && old === 'local') || (old === 'extern' && type === 'required')) {
      label.type = type;
      if (attributes === undefined) return true;
      if (label.attributes === undefined) label.attributes = attributes;
      else if (label.attributes.toLowerCase() !== attributes.toLowerCase()) {
        const message = `symbol \`${label.name}' has inconsistent attributes \`${label.attributes}' and \`${attributes}'`;
        this.report.error(message, origin, token);
      }
      return true;
    }
    if (isExternal(old) && isShared(type)) {
      label.type = type;
      if (attributes !== undefined) label.attributes = attributes;
      return true;
    }
    if (isExternal(type) && (isShared(old) || isExternal(old))) {
      label.attributes ??= attributes;
      return false;
    }
    this.report.error(
      `symbol \`${label.name}' declared both as ${TYPE_WORDS[old]} and ${TYPE_WORDS[type]}`,
      origin,
      token,
    );
    return false;
  }
}

export interface DefineOptions {
  /** An ordinary label: local names after it belong to it. */
  opensScope: boolean;
  final: boolean;
  constant?: boolean;
}
