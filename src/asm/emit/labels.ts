// Symbols: labels, equ constants, externals; local names; and how many of them moved in a pass, which tells the optimiser
// whether another pass is needed (NASM manual, "Local Labels", "GLOBAL", "EXTERN", "COMMON").
import type { Origin } from '../diagnostics';
import type { SymbolValue } from '../expr/evaluate';
import type { Token } from '../token/token';

export type LabelType = 'local' | 'static' | 'global' | 'extern' | 'required' | 'common' | 'special' | 'backend';

export interface Label extends SymbolValue {
  name: string;
  segment: number;
  offset: bigint;
  /** The same as a number. */
  at: number;
  external: boolean;
  type: LabelType;
  /** Size of a common variable. */
  size: bigint;
  /** Pass of the last definition, 0 = none. */
  definedIn: number;
  attributes?: string;
  origin?: Origin;
  token?: Token;
  /** Defined by equ. */
  constant: boolean;
  /** Place in the order of first definition. */
  order: number;
  /** Some expression asked for its value. */
  referenced: boolean;
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
      label = {
        name: full,
        segment: -1,
        offset: 0n,
        at: 0,
        external: false,
        type: 'local',
        size: 0n,
        definedIn: 0,
        constant: false,
        order: 0,
        referenced: false,
      };
      this.labels.set(full, label);
    }
    return label;
  }

  private find(name: string): Label | undefined {
    if (!isLocal(name)) return this.labels.get(name);
    const known = this.locals?.get(name);
    if (known) return known;
    const label = this.labels.get(this.current + name);
    if (!label) return undefined;
    if (!this.locals) this.scopes.set(this.current, (this.locals = new Map<string, Label>()));
    this.locals.set(name, label);
    return label;
  }

  /** Value of a symbol as known so far; the last pass's value until this pass defines it anew. */
  lookup(name: string): Label | undefined {
    const label = this.find(name);
    if (!label) return undefined;
    label.referenced = true;
    return label.definedIn > 0 ? label : undefined;
  }

  /** `final`: code is being generated, nothing may move any more. `segment` undefined: an external's own pseudo-segment. */
  define(
    name: string,
    segment: number | undefined,
    offset: bigint,
    origin: Origin,
    token: Token | undefined,
    options: DefineOptions,
  ): Label {
    const label = this.entry(name);
    let last = label.definedIn;
    if (segment !== undefined && isExternal(label.type)) {
      label.type = 'global';
      last = 0;
    }
    if (name.startsWith('..') && name[2] !== '@' && label.type === 'local') label.type = 'special';
    if (options.opensScope && !name.startsWith('.')) this.scope = label.name;
    const target = segment ?? (label.definedIn > 0 ? label.segment : this.allocateSegment());
    const size = label.type === 'common' ? offset : 0n;
    const value = label.type === 'common' ? 0n : offset;
    const changed = last === 0 || label.segment !== target || label.offset !== value || label.size !== size;
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
    label.segment = target;
    label.offset = value;
    label.at = Number(value);
    label.size = size;
    label.definedIn = this.pass;
    label.external = isExternal(label.type);
    if (changed || last !== this.pass) {
      label.origin = origin;
      label.token = token;
      label.constant = options.constant ?? false;
    }
    return label;
  }

  /** A name of the output format, such as `..got`. */
  defineBackend(name: string, segment: number, offset = 0n): void {
    Object.assign(this.entry(name), { segment, offset, definedIn: 1, type: 'backend' });
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
