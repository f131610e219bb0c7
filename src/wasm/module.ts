// Encodes functions and modules in the WebAssembly binary format (WebAssembly Core Specification 2.0, "Binary Format").
// Modules import one memory (of at least, or of exactly, so many pages) and, on demand, one table from "e"; there is no
// validation beyond what the engine needs.
import { ByteWriter } from './bytes';
import type { Expr, Label, Stmt, ValueType } from './ir';
import { opcode, SIMD } from './opcodes';

const TYPE_CODE: Record<ValueType, number> = { i32: 0x7f, i64: 0x7e, v128: 0x7b };
const VOID_BLOCK = 0x40;

/** A function body under construction. Temporaries are recycled: call `recycle` when none of them is live any more. */
export class FunctionBuilder {
  readonly locals: ValueType[] = [];
  body: Stmt[] = [];
  private readonly free: Record<ValueType, number[]> = { i32: [], i64: [], v128: [] };
  private used: { type: ValueType; index: number }[] = [];

  constructor(
    readonly params: readonly ValueType[],
    readonly results: readonly ValueType[],
  ) {}

  newLocal(type: ValueType): number {
    this.locals.push(type);
    return this.params.length + this.locals.length - 1;
  }
  temporary(type: ValueType): number {
    const index = this.free[type].pop() ?? this.newLocal(type);
    this.used.push({ type, index });
    return index;
  }
  recycle(): void {
    for (const { type, index } of this.used) this.free[type].push(index);
    this.used = [];
  }
}

class BodyEncoder {
  readonly out = new ByteWriter();
  private readonly labels: (Label | undefined)[] = [];

  private depth(label: Label): number {
    const at = this.labels.lastIndexOf(label);
    if (at < 0) throw new Error(`label ${label.name} is not in scope`);
    return this.labels.length - 1 - at;
  }

  private op(name: string): void {
    const code = opcode(name);
    if (code < SIMD) return this.out.u8(code);
    this.out.u8(SIMD >> 8);
    this.out.unsigned(code - SIMD);
  }

  expr(e: Expr): void {
    const { out } = this;
    switch (e.kind) {
      case 'const':
        if (e.type === 'i32') {
          out.u8(0x41);
          out.signed32(e.value as number);
        } else {
          out.u8(0x42);
          out.signed64(e.value as bigint);
        }
        return;
      case 'local':
        out.u8(0x20);
        return out.unsigned(e.index);
      case 'unary':
        this.expr(e.a);
        return this.op(e.op);
      case 'binary':
        this.expr(e.a);
        this.expr(e.b);
        return this.op(e.op);
      case 'load':
        this.expr(e.address);
        this.op(e.op);
        out.u8(0);
        return out.unsigned(e.offset);
      case 'call':
        e.args.forEach((a) => this.expr(a));
        out.u8(0x10);
        return out.unsigned(e.fn);
      case 'callIndirect':
        e.args.forEach((a) => this.expr(a));
        this.expr(e.index);
        out.u8(0x11);
        out.unsigned(e.signature);
        return out.u8(0);
      case 'bytes':
        this.op('v128.const');
        return e.value.forEach((byte) => out.u8(byte));
      case 'lane':
        this.expr(e.a);
        if (e.b) this.expr(e.b);
        this.op(e.op);
        return out.u8(e.lane);
      case 'shuffle':
        this.expr(e.a);
        this.expr(e.b);
        this.op('i8x16.shuffle');
        return e.lanes.forEach((lane) => out.u8(lane));
      case 'bitselect':
        this.expr(e.a);
        this.expr(e.b);
        this.expr(e.mask);
        return this.op('v128.bitselect');
      case 'select':
        this.expr(e.a);
        this.expr(e.b);
        this.expr(e.condition);
        return out.u8(0x1b);
    }
  }

  private nested(code: number, label: Label | undefined, body: Stmt[]): void {
    this.out.u8(code);
    this.out.u8(VOID_BLOCK);
    this.labels.push(label);
    this.statements(body);
  }

  private end(): void {
    this.labels.pop();
    this.out.u8(0x0b);
  }

  statements(list: Stmt[]): void {
    for (const s of list) this.statement(s);
  }

  private statement(s: Stmt): void {
    const { out } = this;
    switch (s.kind) {
      case 'set':
        this.expr(s.value);
        out.u8(0x21);
        return out.unsigned(s.index);
      case 'store':
        this.expr(s.address);
        this.expr(s.value);
        this.op(s.op);
        out.u8(0);
        return out.unsigned(s.offset);
      case 'if':
        this.expr(s.condition);
        this.nested(0x04, undefined, s.then);
        if (s.else.length > 0) {
          out.u8(0x05);
          this.statements(s.else);
        }
        return this.end();
      case 'block':
        this.nested(0x02, s.label, s.body);
        return this.end();
      case 'loop':
        this.nested(0x03, s.label, s.body);
        return this.end();
      case 'br':
        out.u8(0x0c);
        return out.unsigned(this.depth(s.label));
      case 'brIf':
        this.expr(s.condition);
        out.u8(0x0d);
        return out.unsigned(this.depth(s.label));
      case 'brTable':
        this.expr(s.index);
        out.u8(0x0e);
        out.unsigned(s.labels.length);
        for (const label of s.labels) out.unsigned(this.depth(label));
        return out.unsigned(this.depth(s.fallback));
      case 'return':
        if (s.value) this.expr(s.value);
        return out.u8(0x0f);
      case 'drop':
        this.expr(s.value);
        return out.u8(0x1a);
      case 'unreachable':
        return out.u8(0x00);
    }
  }
}

function encodeBody(fn: FunctionBuilder): ByteWriter {
  const encoder = new BodyEncoder();
  const runs: { type: ValueType; count: number }[] = [];
  for (const type of fn.locals) {
    const last = runs[runs.length - 1];
    if (last?.type === type) last.count++;
    else runs.push({ type, count: 1 });
  }
  encoder.out.unsigned(runs.length);
  for (const run of runs) {
    encoder.out.unsigned(run.count);
    encoder.out.u8(TYPE_CODE[run.type]);
  }
  encoder.statements(fn.body);
  if (fn.results.length > 0) encoder.out.u8(0x00); // every path returned
  encoder.out.u8(0x0b);
  return encoder.out;
}

export class ModuleBuilder {
  private readonly types: string[] = [];
  private readonly signatures: { params: readonly ValueType[]; results: readonly ValueType[] }[] = [];
  private readonly imports: { name: string; type: number }[] = [];
  private readonly functions: FunctionBuilder[] = [];
  private readonly exports: { name: string; index: number }[] = [];

  constructor(
    private readonly memoryPages: number,
    /** The module of the interpreter's loop: it has the table, and its memory cannot grow. */
    private readonly main: boolean,
  ) {}

  signature(params: readonly ValueType[], results: readonly ValueType[]): number {
    const key = `${params.join()}>${results.join()}`;
    const known = this.types.indexOf(key);
    if (known >= 0) return known;
    this.signatures.push({ params, results });
    return this.types.push(key) - 1;
  }
  /** Imports must all be declared before the first function. Returns the function index. */
  importFunction(name: string, params: readonly ValueType[], results: readonly ValueType[]): number {
    if (this.functions.length > 0) throw new Error('import after a function');
    return this.imports.push({ name, type: this.signature(params, results) }) - 1;
  }
  addFunction(fn: FunctionBuilder, exportName?: string): number {
    this.signature(fn.params, fn.results);
    const index = this.imports.length + this.functions.push(fn) - 1;
    if (exportName !== undefined) this.exports.push({ name: exportName, index });
    return index;
  }

  encode(): Uint8Array<ArrayBuffer> {
    const bodies = this.functions.map(encodeBody);
    const out = new ByteWriter();
    out.bytes(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    const section = (id: number, write: (w: ByteWriter) => void): void => {
      const content = new ByteWriter();
      write(content);
      out.u8(id);
      out.unsigned(content.length);
      out.append(content);
    };
    section(1, (w) => {
      w.unsigned(this.signatures.length);
      for (const s of this.signatures) {
        w.u8(0x60);
        for (const list of [s.params, s.results]) {
          w.unsigned(list.length);
          for (const type of list) w.u8(TYPE_CODE[type]);
        }
      }
    });
    section(2, (w) => {
      w.unsigned(this.imports.length + 1 + (this.main ? 1 : 0));
      for (const i of this.imports) {
        w.name('e');
        w.name(i.name);
        w.u8(0);
        w.unsigned(i.type);
      }
      w.name('e');
      w.name('memory');
      w.u8(2);
      w.u8(this.main ? 1 : 0);
      w.unsigned(this.memoryPages);
      if (this.main) w.unsigned(this.memoryPages);
      if (this.main) {
        w.name('e');
        w.name('table');
        w.u8(1);
        w.u8(0x70);
        w.u8(0);
        w.unsigned(1);
      }
    });
    section(3, (w) => {
      w.unsigned(this.functions.length);
      for (const f of this.functions) w.unsigned(this.signature(f.params, f.results));
    });
    if (this.exports.length > 0) {
      section(7, (w) => {
        w.unsigned(this.exports.length);
        for (const e of this.exports) {
          w.name(e.name);
          w.u8(0);
          w.unsigned(e.index);
        }
      });
    }
    section(10, (w) => {
      w.unsigned(bodies.length);
      for (const b of bodies) {
        w.unsigned(b.length);
        w.append(b);
      }
    });
    return out.toUint8Array();
  }
}
