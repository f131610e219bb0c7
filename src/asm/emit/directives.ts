// Primitive directives in brackets: [bits 16], [section .data], [org 0x7c00] ... (NASM manual, "Assembler Directives").
import { FAR_ABSOLUTE, isReallySimple, isRelocatable, segmentOf } from '../expr/value';
import { parseNumber } from '../text/numbers';
import type { Body } from '../parse/statement';
import { textOf, withoutSpace, type Token } from '../token/token';
import { tokenize } from '../token/tokenizer';
import { parseCpu } from './cpu';
import { elfSection, enterSection, osAbi } from './elf/sections';
import { declareFrame } from './obj/frames';
import { objExport, objGroup, objImport, objSectalign, objSegment } from './obj/directives';
import { pragma } from './pragma';
import { assignAttributes } from './sectionAttributes';
import type { LabelType } from './labels';
import type { AssemblyState } from './state';

type DirectiveBody = Extract<Body, { kind: 'directive' }>;

export function runDirective(state: AssemblyState, body: DirectiveBody): void {
  const run = DIRECTIVES[body.name];
  if (run) run(state, body, textOf(body.value).trim());
  else unrecognized(state, body);
}

const unrecognized = (state: AssemblyState, body: DirectiveBody): void =>
  state.error(`unrecognized directive [${body.name}]`, body.token);

type Run = (state: AssemblyState, body: DirectiveBody, text: string) => void;

const badParameter = (state: AssemblyState, body: DirectiveBody): void =>
  state.error(`invalid parameter to [${body.name}] directive`, body.value[0] ?? body.token);

const section: Run = (state, body, text) => {
  const [, name = '', attributes = ''] = /^(\S*)\s*(.*)$/s.exec(text) ?? [];
  if (name === '') {
    state.error(`[${body.name}] needs a section name`, body.token);
    return;
  }
  const place = withoutSpace(body.value)[0] ?? body.token;
  if (state.facts.kind === 'elf') return elfSection(state, name, attributes, place);
  if (state.facts.kind === 'obj') return objSegment(state, name, attributes, place);
  let found = state.sectionNamed(name);
  if (!found) {
    found = state.createSection(name);
    found.declared = state.place;
    if (name === '.data') found.type = 'progbits';
    if (name === '.bss') found.type = 'nobits';
  }
  if (state.kind !== 'first') {
    const target = found;
    assignAttributes(target, attributes, {
      error: (message) => state.error(message, body.value[0] ?? body.token),
      warn: (message) => state.warn('other', message, body.value[0] ?? body.token),
      evaluate: (expression) => attributeValue(state, body, expression),
    });
    target.type ??= 'progbits';
  }
  state.section = found;
};

function attributeValue(state: AssemblyState, body: DirectiveBody, expression: string): bigint | undefined {
  const place = body.value[0] ?? body.token;
  const tokens = tokenize(expression, { assembler: true }).map((token) => token.movedTo(place));
  const value = state.evaluateCritical(tokens, place);
  if (!value) return undefined;
  if (isReallySimple(value)) return value.number;
  state.error('section attribute value must be a critical expression', place);
  return undefined;
}

const org: Run = (state, body) => {
  if (state.facts.kind !== 'flat') {
    state.error(`ORG is for flat binaries only: in an object the linker decides on addresses`, body.token);
    return;
  }
  if (withoutSpace(body.value).length === 0) {
    state.error('No or invalid offset specified in ORG directive.', body.token);
    return;
  }
  const value = state.evaluateCritical(body.value, body.token);
  if (!value) return;
  if (!isReallySimple(value)) {
    state.error('org value must be a critical expression', body.value[0]);
    return;
  }
  const origin = BigInt.asUintN(64, value.number);
  if (state.programOrigin !== undefined && state.programOrigin !== origin) {
    state.error('program origin redefined: org sets one address for the whole file', body.value[0]);
  } else state.programOrigin = origin;
};

const bits: Run = (state, body, text) => {
  const value = parseInt(text, 10);
  const place = body.value[0] ?? body.token;
  if (value === 32 && state.cpu < 386) state.error('cannot specify 32-bit segment on processor below a 386', place);
  else if (value === 64 && state.cpu < 730)
    state.error('cannot specify 64-bit segment on processor below an x86-64', place);
  else if (value === 16 || value === 32 || value === 64) {
    state.bits = value;
    return;
  } else state.error(`\`${text}' is not a valid segment size; must be 16, 32 or 64`, place);
  state.bits = 16;
};

const absolute: Run = (state, body) => {
  const value = state.evaluateCritical(body.value, body.token);
  if (value && isRelocatable(value, state.currentSegment)) {
    state.absoluteSegment = segmentOf(value);
    state.absoluteOffset = Number(value.number);
  } else {
    if (value) state.error('cannot use non-relocatable expression as ABSOLUTE address', body.value[0]);
    state.absoluteOffset = 0x100;
  }
  if (state.absoluteSegment >= FAR_ABSOLUTE) state.absoluteSegment = -1;
  state.section = undefined;
};

const sectalign: Run = (state, body, text) => {
  const value = state.evaluateCritical(body.value, body.token);
  if (!value) return;
  const unit = value.number;
  if (unit <= 0n || (unit & (unit - 1n)) !== 0n) {
    state.error(`segment alignment \`${text}' is not power of two`, body.value[0]);
    return;
  }
  if (unit > 0x7fffffffn) {
    state.error(`absurdly large segment alignment \`${text}'`, body.value[0]);
    return;
  }
  const { section: current } = state;
  if (!current) return;
  if (state.facts.kind === 'obj') return objSectalign(current, Number(unit));
  if (state.facts.kind === 'elf') {
    const object = enterSection(state, current);
    object.align = Math.max(object.align, Number(unit));
    return;
  }
  current.attributes.align = Math.max(current.attributes.align ?? 0, current.knownAlignment, Number(unit));
  current.knownAlignment = current.attributes.align;
};

/** [global x], [extern x], [common x 4] and kin. */
const declare =
  (type: LabelType): Run =>
  (state, body, text) => {
    const match = /^\$?([^\s:]+)\s*([^:]*?)\s*(?::(.*))?$/s.exec(text);
    const name = match?.[1] ?? '';
    const token = withoutSpace(body.value)[0] ?? body.token;
    const identifier = tokenize(name)[0];
    if (identifier?.kind !== 'id' || identifier.text !== name) {
      state.error(`identifier expected after ${body.name}, got \`${text}'`, token);
      return;
    }
    const size = match?.[2] ?? '';
    let bytes = 0n;
    if (type === 'common') {
      const number = parseNumber(size);
      if (!number) state.error(`${size === '' ? 'no' : 'invalid'} size specified in common declaration`, token);
      bytes = number?.value ?? 0n;
    } else if (size !== '') state.error(`invalid syntax in ${body.name} declaration`, token);
    const attributes = match?.[3]?.trim();
    if (!state.labels.declare(name, type, attributes === '' ? undefined : attributes, state.final, state.place, token))
      return;
    const flat = state.facts.kind === 'flat';
    if (state.final && attributes && flat)
      state.error('binary format does not support any special symbol types', token);
    if (type === 'common') {
      state.labels.define(name, undefined, bytes, state.place, token, { opensScope: false, final: state.final });
      if (state.final && flat)
        state.error('binary output format does not support common variables: reserve the space in .bss', token);
    } else if (type === 'extern' || type === 'required') {
      state.labels.define(name, undefined, 0n, state.place, token, { opensScope: false, final: state.final });
    }
    if (state.facts.kind === 'obj') declareFrame(state, name, attributes, token);
  };

const defaults: Run = (state, body, text) => {
  for (const word of text.toLowerCase().split(/[\s,]+/)) {
    if (word === 'rel' || word === 'abs') state.defaultRelative = word === 'rel';
    // FS and GS never follow the default, and BND is written only where it is asked for.
    else if (!/^(bnd|nobnd|[c-gs]s:(rel|abs))$/.test(word)) badParameter(state, body);
  }
};

const float: Run = (state, body, text) => {
  const word = text.toLowerCase();
  const mode = { ...state.floatMode };
  if (word === 'daz' || word === 'nodaz') mode.flushDenormals = word === 'daz';
  else if (word === 'near' || word === 'up' || word === 'down' || word === 'zero') mode.rounding = word;
  else if (word === 'default') Object.assign(mode, { rounding: 'near', flushDenormals: false });
  else {
    state.error(`unknown 'float' directive: ${text}`, body.value[0] ?? body.token);
    return;
  }
  state.floatMode = mode;
};

const cpu: Run = (state, body, text) => {
  const level = parseCpu(text, state.cpu);
  if (typeof level === 'number') state.cpu = level;
  else state.error(`unknown CPU type or flag '${level}'`, body.value[0] ?? body.token);
};

const list: Run = (state, body, text) => {
  if (text === '+' || text === '-') state.listOff = text === '-';
  else badParameter(state, body);
};

const onlyObj =
  (run: (state: AssemblyState, text: string, token: Token) => void): Run =>
  (state, body, text) => {
    if (state.facts.kind === 'obj') run(state, text, withoutSpace(body.value)[0] ?? body.token);
    else unrecognized(state, body);
  };

const nothing: Run = () => undefined;

const DIRECTIVES: Readonly<Record<string, Run>> = {
  section,
  segment: section,
  org,
  bits,
  absolute,
  sectalign,
  global: declare('global'),
  static: declare('static'),
  extern: declare('extern'),
  required: declare('required'),
  common: declare('common'),
  default: defaults,
  float,
  cpu,
  list,
  osabi: (state, body, text) => {
    if (state.facts.kind !== 'elf') unrecognized(state, body);
    else if (state.kind === 'first') osAbi(state, text, body.value[0] ?? body.token);
  },
  group: onlyObj(objGroup),
  import: onlyObj(objImport),
  export: onlyObj(objExport),
  uppercase: onlyObj((state) => {
    state.obj.uppercase = true;
  }),
  warning: (state, _, text) => state.diagnostics.warningDirective(text),
  // Accepted for the sake of sources that use them: there is no other output than what the caller asks for.
  map: nothing,
  debug: nothing,
  pragma: (state, _, text) => pragma(state, text),
};
