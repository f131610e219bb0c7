// Where a run begins for the person: at the first instruction of the boot sector, or at a label. The machine boots up to the
// program's first instruction and goes on at the label instead, when the label's code is in memory by then and for the mode
// that the processor is in. Otherwise the program itself has to get there.
import { bitsOfCs, memoryView, type CodeReader } from '../code/reader';
import { resolveLine } from '../breakpoints/lines';
import { BOOT_ADDRESS, type Program } from '../program';
import { SegIndex } from '../target';
import type { StepPlan } from './plan';

/** A sentence when the program has no code at a label of that name. */
export function startProblem(program: Program | undefined, label: string): string | undefined {
  if (!program?.map) return 'needs a program in source: an image has no labels';
  return codeAt(program, label) ? undefined : `names "${label}", which is no label of code in ${program.name}`;
}

function codeAt(program: Program, label: string) {
  const symbol = program.symbols.find(label);
  if (symbol?.kind !== 'code' || symbol.file === undefined || symbol.line === undefined) return undefined;
  const entry = program.map?.entries.find(
    ({ address, section, kind }) => kind === 'code' && address === symbol.value && section === symbol.section,
  );
  if (entry) return entry;
  const found = resolveLine(program, symbol.file, symbol.line);
  return typeof found === 'string' ? undefined : found.entries[0];
}

export function* startAt(code: CodeReader, program: Program | undefined, label: string | undefined): StepPlan {
  yield { kind: 'runTo', places: new Set([BOOT_ADDRESS]), accept: () => true };
  const entry = program && label !== undefined ? codeAt(program, label) : undefined;
  if (!program || !entry) return;
  const view = memoryView(code.target, program);
  const linear = program.placeNow(entry.address, entry.fileOffset, view);
  const { base, limit } = code.target.segment(SegIndex.CS);
  const offset = linear - base;
  const fits = entry.bits === bitsOfCs(code.target) && offset >= 0 && offset <= limit;
  if (
    fits &&
    program.holds(linear, entry.fileOffset, view) &&
    code.target.setRegister('rip', BigInt(offset)) === undefined
  )
    return;
  const places = new Set(program.places(entry.address, entry.fileOffset));
  yield {
    kind: 'runTo',
    places,
    physical: places,
    accept: () => bitsOfCs(code.target) === entry.bits,
  };
}
