// All breakpoints, kept outside guest memory as linear addresses: they never change the guest and survive a loader that
// overwrites the code. A source line may be executed at several places; which of them really holds it is checked on arrival.

import type { SourceMapEntry } from '../../asm/sourceMap';
import type { Watchpoint } from '../../machine/types';
import { addressOf } from '../expression/evaluate';
import { parseExpression } from '../expression/parser';
import type { EvaluationContext } from '../expression/value';
import { memoryView } from '../code/reader';
import type { Program } from '../program';
import { conditionMistake, ConditionState } from './condition';
import { resolveLine } from './lines';
import type {
  BreakpointKind,
  BreakpointStatus,
  Condition,
  DataRequest,
  FunctionRequest,
  Hit,
  HitResult,
  InstructionRequest,
  SourceRequest,
} from './types';

/** A byte of the program that breakpoints stop at, wherever it lies. */
interface Origin {
  address: number;
  fileOffset: number;
  entry?: SourceMapEntry;
}

interface BreakpointPlace {
  linear: number;
  /** The program's bytes lie there: also stop where they are mapped elsewhere, by this physical address. */
  ofProgram?: true;
  /** Stop only while the image's bytes are there. */
  entry?: SourceMapEntry;
}

interface Breakpoint {
  status: BreakpointStatus;
  kind: BreakpointKind;
  state: ConditionState;
  places: readonly BreakpointPlace[];
  /** What the places come from, for finding them again. */
  origins: readonly Origin[];
  data?: DataRequest;
}

export class BreakpointStore {
  private readonly bySource = new Map<
    string,
    { file: string; requests: readonly SourceRequest[]; set: Breakpoint[] }
  >();
  private instruction: Breakpoint[] = [];
  private functions: { requests: readonly FunctionRequest[]; set: Breakpoint[] } = { requests: [], set: [] };
  private data: Breakpoint[] = [];
  private byLinear = new Map<number, Breakpoint[]>();
  private byPhysical = new Map<number, Breakpoint[]>();
  private nextId = 1;

  constructor(private readonly program: Program | undefined) {}

  /** Execution addresses. */
  get addresses(): ReadonlyMap<number, unknown> {
    return this.byLinear;
  }
  /** Physical ones, for code that may be mapped anywhere. */
  get physicalAddresses(): ReadonlyMap<number, unknown> {
    return this.byPhysical;
  }

  get watchpoints(): Watchpoint[] {
    return this.data.flatMap(({ data, status }) => (data && status.verified ? [data] : []));
  }

  /** Replaces the breakpoints of one file; the answers are in the order of the requests. */
  setSource(file: string, requests: readonly SourceRequest[]): BreakpointStatus[] {
    const set = requests.map((request) => this.bindSource(file, request));
    this.bySource.set(file, { file, requests, set });
    return this.changed(set);
  }

  setInstruction(requests: readonly InstructionRequest[]): BreakpointStatus[] {
    this.instruction = requests.map((request) =>
      this.make('instruction', request, { verified: true, linear: request.linear }, [{ linear: request.linear }]),
    );
    return this.changed(this.instruction);
  }

  /** Labels and address expressions, evaluated now. */
  setFunctions(requests: readonly FunctionRequest[], context: EvaluationContext): BreakpointStatus[] {
    const set = requests.map((request) => this.bindFunction(request, context));
    this.functions = { requests, set };
    return this.changed(set);
  }

  setData(requests: readonly DataRequest[]): BreakpointStatus[] {
    this.data = requests.map((request) => ({
      ...this.make('data', request, { verified: true, linear: request.linear }, []),
      data: request,
    }));
    return this.changed(this.data);
  }

  /** Takes over what was asked of an earlier store, with the same identifiers, bound to this program. Counters start anew. */
  inherit(earlier: BreakpointStore, context: EvaluationContext): void {
    const again = <R extends Condition>(
      old: readonly Breakpoint[],
      requests: readonly R[],
      bind: (r: R) => Breakpoint,
    ): Breakpoint[] =>
      requests.map((request, i) => {
        const bound = bind(request);
        return { ...bound, status: { ...bound.status, id: old[i]!.status.id } };
      });
    this.bySource.clear();
    for (const [key, { file, requests, set }] of earlier.bySource)
      this.bySource.set(key, { file, requests, set: again(set, requests, (r) => this.bindSource(file, r)) });
    const { requests } = earlier.functions;
    this.functions = { requests, set: again(earlier.functions.set, requests, (r) => this.bindFunction(r, context)) };
    this.instruction = earlier.instruction;
    this.data = earlier.data;
    for (const { state } of [...this.instruction, ...this.data]) state.reset();
    this.nextId = earlier.nextId + this.nextId;
    this.index();
  }

  /** The program has been put into further places. */
  placeAgain(): void {
    const { program } = this;
    if (!program) return;
    const sources = [...this.bySource.values()].flatMap((g) => g.set);
    for (const breakpoint of [...sources, ...this.functions.set])
      if (breakpoint.origins.length) breakpoint.places = placesOf(program, breakpoint.origins);
    this.index();
  }

  /** Every breakpoint as it stands. */
  all(): BreakpointStatus[] {
    const sources = [...this.bySource.values()].flatMap((g) => g.set);
    return [...sources, ...this.functions.set, ...this.instruction, ...this.data].map((b) => b.status);
  }

  /** The guest is about to execute `linear`. */
  reached(linear: number, context: EvaluationContext): HitResult {
    const physical = context.target.translate(linear);
    const view = memoryView(context.target, this.program);
    const isHere = ({ linear: at, ofProgram, entry }: BreakpointPlace): boolean =>
      (at === linear || (ofProgram === true && at === physical)) &&
      (!entry || this.program!.holds(linear, entry.fileOffset, view));
    const found = new Set(this.byLinear.get(linear));
    if (physical !== undefined) for (const breakpoint of this.byPhysical.get(physical) ?? []) found.add(breakpoint);
    return this.judge(
      [...found].filter(({ places }) => places.some(isHere)),
      context,
    );
  }

  /** The guest has accessed `size` bytes at `linear`. */
  accessed(linear: number, size: number, access: 'read' | 'write', context: EvaluationContext): HitResult {
    const here = this.data.filter(
      ({ data }) =>
        data &&
        linear < data.linear + data.length &&
        data.linear < linear + size &&
        (data.access === 'readWrite' || data.access === access),
    );
    return this.judge(here, context);
  }

  private judge(here: readonly Breakpoint[], context: EvaluationContext): HitResult {
    const stops: Hit[] = [];
    const logs: { id: number; text: string }[] = [];
    let problem: string | undefined;
    for (const { status, kind, state } of here) {
      const result = state.reached(context);
      if (result.log !== undefined) logs.push({ id: status.id, text: result.log });
      if (result.stop) stops.push({ id: status.id, kind });
      problem ??= result.problem;
    }
    return problem === undefined ? { stops, logs } : { stops, logs, problem };
  }

  private bindSource(file: string, request: SourceRequest): Breakpoint {
    const { program } = this;
    if (!program?.map)
      return this.refused('source', request, 'the program has no source: it was not built from assembly');
    const found = resolveLine(program, file, request.line);
    if (typeof found === 'string') return this.refused('source', request, found, { file, line: request.line });
    const origins = found.entries.map((entry) => ({ address: entry.address, fileOffset: entry.fileOffset, entry }));
    const places = placesOf(program, origins);
    const status = { verified: true, file, line: found.line, column: found.entries[0]!.column };
    const note = found.note === undefined ? {} : { message: found.note };
    return this.make('source', request, { ...status, ...note, linear: places[0]!.linear }, places, origins);
  }

  private bindFunction(request: FunctionRequest, context: EvaluationContext): Breakpoint {
    const name = request.name.trim();
    const symbol = this.program?.symbols.find(name);
    if (this.program && symbol && symbol.kind !== 'constant') {
      const { program } = this;
      const fileOffset = program.fileOffsetOf(symbol.value, symbol.section);
      const entry = program.map
        ?.allAt(symbol.value)
        .find((e) => e.fileOffset === fileOffset && e.section === symbol.section);
      const origins = [{ address: symbol.value, fileOffset, ...(entry ? { entry } : {}) }];
      const places = placesOf(program, origins);
      const at = symbol.file === undefined ? {} : { file: symbol.file, line: symbol.line!, column: symbol.column! };
      return this.make('function', request, { verified: true, linear: places[0]!.linear, ...at }, places, origins);
    }
    const parsed = parseExpression(name);
    const address = parsed.ok
      ? addressOf(parsed.node, { target: context.target, program: this.program, readOnly: true })
      : parsed;
    if (!address.ok) return this.refused('function', request, address.error.message);
    if (address.space === 'physical')
      return this.refused('function', request, 'breakpoints are on linear addresses, not on physical ones');
    return this.make('function', request, { verified: true, linear: address.at }, [{ linear: address.at }]);
  }

  private refused(
    kind: BreakpointKind,
    request: Condition,
    message: string,
    at: Partial<BreakpointStatus> = {},
  ): Breakpoint {
    return this.make(kind, request, { verified: false, message, ...at }, []);
  }

  private make(
    kind: BreakpointKind,
    request: Condition,
    status: Omit<BreakpointStatus, 'id'>,
    places: Breakpoint['places'],
    origins: readonly Origin[] = [],
  ): Breakpoint {
    const mistake = status.verified ? conditionMistake(request) : undefined;
    const answer = mistake === undefined ? status : { ...status, verified: false, message: mistake };
    const state = new ConditionState(request);
    const usable = mistake === undefined;
    const numbered = { id: this.nextId++, ...answer };
    return { status: numbered, kind, state, places: usable ? places : [], origins: usable ? origins : [] };
  }

  private changed(set: readonly Breakpoint[]): BreakpointStatus[] {
    this.index();
    return set.map((b) => b.status);
  }

  private index(): void {
    this.byLinear = new Map();
    this.byPhysical = new Map();
    const add = (map: Map<number, Breakpoint[]>, at: number, breakpoint: Breakpoint): void => {
      const list = map.get(at);
      if (!list) map.set(at, [breakpoint]);
      else if (!list.includes(breakpoint)) list.push(breakpoint);
    };
    const all = [...this.instruction, ...this.functions.set].concat([...this.bySource.values()].flatMap((g) => g.set));
    for (const breakpoint of all)
      for (const { linear, ofProgram } of breakpoint.places) {
        add(this.byLinear, linear, breakpoint);
        if (ofProgram) add(this.byPhysical, linear, breakpoint);
      }
  }
}

const placesOf = (program: Program, origins: readonly Origin[]): Breakpoint['places'] =>
  origins.flatMap(({ address, fileOffset, entry }) =>
    program
      .places(address, fileOffset)
      .map((linear) => ({ linear, ofProgram: true as const, ...(entry ? { entry } : {}) })),
  );
