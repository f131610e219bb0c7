// The assembler's own macros: user forms of its directives, structures, alignment, incbin
// (NASM manual, "Standard Macros", "Assembler Directives"). They call the primitive forms in brackets.
import type { OutputFormat } from '../types';
import { quote, unquoteText } from '../text/quote';
import { toByteString } from '../text/bytes';
import { madeToken, opToken, skipSpace, textOf, type Token } from '../token/token';
import { SingleMacroTable } from './singleMacros';
import { template } from './template';
import type { Invocation, MultiMacro, PreprocessorState } from './state';

type Lines = readonly (readonly Token[])[];
type Native = (state: PreprocessorState, call: Invocation) => Lines;

interface Spec {
  name: string;
  least: number;
  most: number;
  greedy?: boolean;
  defaults?: string;
  run: Native;
}

/** Parameter `n`, nothing when the call left it out. */
export const parameter = (call: Invocation, n: number): readonly Token[] => call.parameters[n] ?? [];

const one =
  (text: string): Native =>
  () => [template(text)];

/** One line per parameter: `global a, b`. */
const each =
  (directive: string): Native =>
  (state, call) =>
    call.parameters.slice(1).map((tokens) => [...template(`[${directive} `), ...tokens, opToken(']', call.name)]);

/** Section switches remember themselves in __?SECT?__, which endstruc goes back to. */
const switchTo =
  (directive: string): Native =>
  (state, call) => {
    const line = [
      opToken('[', call.name),
      ...template(`${directive} `),
      ...parameter(call, 1),
      opToken(']', call.name),
    ];
    setMacro(state, '__?SECT?__', line);
    return [line];
  };

function setMacro(state: PreprocessorState, name: string, body: readonly Token[]): void {
  state.macros.define({ name, caseSensitive: true, body }, (code, message) => state.warn(code, message));
}

function pushContext(state: PreprocessorState, name: readonly Token[]): void {
  const macros = new SingleMacroTable();
  macros.define({ name: 'strucname', caseSensitive: true, body: name }, () => undefined);
  state.contexts.push({ number: state.unique++, macros });
}

/** Name of the structure being defined or filled; reports when `opener` is missing. */
function structureName(state: PreprocessorState, call: Invocation, opener: string): readonly Token[] | undefined {
  const macro = state.contexts.at(-1)?.macros.candidates('strucname')?.[0];
  if (macro) return macro.body;
  state.error(`\`${call.name.text}' without a matching \`${opener}'`, call.name);
  return undefined;
}

const sizeName = (state: PreprocessorState, name: readonly Token[], call: Invocation): readonly Token[] =>
  state.tokenize(`${textOf(name)}_size`, call.name);

const struc: Native = (state, call) => {
  pushContext(state, parameter(call, 1));
  return [template('[absolute %2]'), template('%$strucname:')];
};

const endstruc: Native = (state, call) => {
  const name = structureName(state, call, 'struc');
  if (!name) return [];
  return [
    [...sizeName(state, name, call), ...template(' equ ($-%$strucname)')],
    template('%pop'),
    template('__?SECT?__'),
  ];
};

const istruc: Native = (state, call) => {
  pushContext(state, parameter(call, 1));
  return [template('%$strucstart:')];
};

const at: Native = (state, call) => {
  if (!structureName(state, call, 'istruc')) return [];
  const local = parameter(call, 1)[0]?.text.startsWith('.');
  const member = local ? '%$strucname%1' : '%1';
  return [template(`times (${member}-%$strucname)-($-%$strucstart) db 0`), parameter(call, 2)];
};

const iend: Native = (state, call) => {
  const name = structureName(state, call, 'istruc');
  if (!name) return [];
  const size = sizeName(state, name, call);
  return [[...template('times '), ...size, ...template('-($-%$strucstart) db 0')], template('%pop')];
};

const PADDING = '(((%1) - (($-$$) % (%1))) % (%1))';

function alignsSection(state: PreprocessorState): boolean {
  const setting = state.macros.candidates('__?SECTALIGN_ALIGN_UPDATES_SECTION?__')?.[0];
  return setting !== undefined && setting.body[0]?.text !== '0';
}

const sectionAlignment = (state: PreprocessorState): Lines => (alignsSection(state) ? [template('sectalign %1')] : []);

const align: Native = (state) => [...sectionAlignment(state), template(`times ${PADDING} %2`)];

const alignb: Native = (state, call) => {
  const fill = parameter(call, 2);
  const lines = sectionAlignment(state);
  if (skipSpace(fill, 0) < fill.length) return [...lines, template(`times ${PADDING} %2`)];
  return [
    ...lines,
    template('[warning push]'),
    template('[warning -zeroing]'),
    template(`resb ${PADDING}`),
    template('[warning pop]'),
  ];
};

const sectalign: Native = (state, call) => {
  const word = textOf(parameter(call, 1)).trim().toLowerCase();
  if (word !== 'on' && word !== 'off') return [template('[sectalign %1]')];
  setMacro(state, '__?SECTALIGN_ALIGN_UPDATES_SECTION?__', [madeToken('num', word === 'on' ? '1' : '0')]);
  return [];
};

/** Finds the file on the include path, as %include does. */
const incbin: Native = (state, call) => {
  const expanded = state.expand(parameter(call, 1));
  const name = expanded[skipSpace(expanded, 0)];
  if (name?.kind !== 'str') {
    state.error("`incbin' expects a file name", name ?? call.name);
    return [];
  }
  const path = unquoteText(name.text);
  const found = state.host.findBinary(path, state.frame().where.file) ?? path;
  const file = madeToken('str', quote(toByteString(found)), name);
  return [[call.name, ...template(' '), file, opToken(',', name), ...parameter(call, 2)]];
};

const float: Native = (state, call) => {
  for (const tokens of call.parameters.slice(1)) {
    const word = textOf(tokens).trim().toLowerCase();
    const id = madeToken('id', word, call.name);
    if (word === 'daz' || word === 'nodaz') setMacro(state, '__?FLOAT_DAZ?__', [id]);
    else if (word === 'default') {
      setMacro(state, '__?FLOAT_DAZ?__', [madeToken('id', 'nodaz')]);
      setMacro(state, '__?FLOAT_ROUND?__', [madeToken('id', 'near')]);
    } else if (['near', 'up', 'down', 'zero'].includes(word)) setMacro(state, '__?FLOAT_ROUND?__', [id]);
  }
  return each('float')(state, call);
};

const STANDARD: readonly Spec[] = [
  { name: 'section', least: 1, most: 1, greedy: true, run: switchTo('section') },
  { name: 'segment', least: 1, most: 1, greedy: true, run: switchTo('segment') },
  { name: 'absolute', least: 1, most: 1, greedy: true, run: switchTo('absolute') },
  { name: 'sectalign', least: 1, most: 1, greedy: true, run: sectalign },
  { name: 'struc', least: 1, most: 2, defaults: '0', run: struc },
  { name: 'endstruc', least: 0, most: 0, run: endstruc },
  { name: 'istruc', least: 1, most: 1, run: istruc },
  { name: 'at', least: 1, most: 2, greedy: true, run: at },
  { name: 'iend', least: 0, most: 0, run: iend },
  { name: 'align', least: 1, most: 2, greedy: true, defaults: 'nop', run: align },
  { name: 'alignb', least: 1, most: 2, greedy: true, run: alignb },
  { name: 'bits', least: 1, most: 1, greedy: true, run: one('[bits %1]') },
  { name: 'use16', least: 0, most: 0, run: one('[bits 16]') },
  { name: 'use32', least: 0, most: 0, run: one('[bits 32]') },
  { name: 'use64', least: 0, most: 0, run: one('[bits 64]') },
  { name: 'extern', least: 1, most: Infinity, run: each('extern') },
  { name: 'static', least: 1, most: Infinity, run: each('static') },
  { name: 'global', least: 1, most: Infinity, run: each('global') },
  { name: 'required', least: 1, most: Infinity, run: each('required') },
  { name: 'common', least: 1, most: Infinity, run: each('common') },
  { name: 'cpu', least: 1, most: 1, greedy: true, run: one('[cpu %1]') },
  { name: 'float', least: 1, most: Infinity, run: float },
  { name: 'default', least: 1, most: 1, greedy: true, run: one('[default %1]') },
  { name: 'userel', least: 0, most: 0, run: one('[default rel]') },
  { name: 'useabs', least: 0, most: 0, run: one('[default abs]') },
  { name: 'usebnd', least: 0, most: 0, run: one('[default bnd]') },
  { name: 'usenobnd', least: 0, most: 0, run: one('[default nobnd]') },
  { name: 'incbin', least: 1, most: 2, greedy: true, defaults: '0', run: incbin },
];

/** Registers a built-in macro; a call of it shows neither in the listing nor in macro stacks. */
export function addNative(state: PreprocessorState, spec: Spec): void {
  const macro: MultiMacro = {
    name: spec.name,
    caseSensitive: false,
    least: spec.least,
    most: spec.most,
    greedy: spec.greedy ?? false,
    silent: true,
    defaults: spec.defaults === undefined ? [] : [template(spec.defaults)],
    body: [],
    capturesLabel: false,
    recursive: false,
    active: 0,
    native: (call) => spec.run(state, call),
  };
  state.multi.set(spec.name, [macro, ...(state.multi.get(spec.name) ?? [])]);
}

const FLAT: readonly Spec[] = [{ name: 'org', least: 1, most: 1, greedy: true, run: one('[org %1]') }];
const ELF: readonly Spec[] = [{ name: 'osabi', least: 1, most: 1, greedy: true, run: one('[osabi %1]') }];

const OBJ: readonly Spec[] = [
  { name: 'group', least: 1, most: 1, greedy: true, run: one('[group %1]') },
  { name: 'uppercase', least: 0, most: 1, greedy: true, run: one('[uppercase %1]') },
  { name: 'export', least: 1, most: 1, greedy: true, run: one('[export %1]') },
  { name: 'import', least: 1, most: 1, greedy: true, run: one('[import %1]') },
];
const BY_FORMAT: Readonly<Record<OutputFormat, readonly Spec[]>> = { bin: FLAT, elf32: ELF, elf64: ELF, obj: OBJ };

export function addStandardMacros(state: PreprocessorState): void {
  for (const spec of STANDARD) addNative(state, spec);
  for (const spec of BY_FORMAT[state.host.format]) addNative(state, spec);
}
