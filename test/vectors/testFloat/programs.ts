// What a guest executes for each function of TestFloat: operands at ESI and ESI+16, the result at EDI, exceptions left in the status
// word or in MXCSR. Scalar SSE for binary32 and binary64, x87 for the 80-bit format and for what 32-bit code does with it.

export type Format = 'extF80' | 'f32' | 'f64' | 'i32' | 'i64' | 'truth';
export interface Program {
  readonly unit: 'x87' | 'SSE';
  /** The instruction that is tested. */
  readonly instruction: string;
  readonly code: readonly string[];
  readonly result: Format;
  /** Significant bits that the control word asks for. */
  readonly precision: 24 | 53 | 64;
}

const SIZE = { extF80: 'tword', f64: 'qword', f32: 'dword', i64: 'qword', i32: 'dword' } as const;
const X87 = { add: 'faddp', sub: 'fsubp', mul: 'fmulp', div: 'fdivp' } as const;
const isOf = <T extends object>(table: T, key: string): key is keyof T & string => key in table;

/** Relations by the flags that (U)COMI sets: unordered ZF, PF and CF; less CF; equal ZF. */
const RELATIONS: Readonly<Record<string, { quiet: boolean; less: boolean; equal: boolean }>> = {
  eq: { quiet: true, less: false, equal: true },
  eq_signaling: { quiet: false, less: false, equal: true },
  le: { quiet: false, less: true, equal: true },
  le_quiet: { quiet: true, less: true, equal: true },
  lt: { quiet: false, less: true, equal: false },
  lt_quiet: { quiet: true, less: true, equal: false },
};

function truth({ less, equal }: { less: boolean; equal: boolean }): string[] {
  const holds = less && equal ? 'setbe' : less ? 'setb' : 'sete';
  return ['setnp al', `${holds} ah`, 'and al, ah', 'movzx eax, al', 'mov [edi], eax'];
}

function x87(type: string, name: string): Program | undefined {
  const [format, precision] = type.startsWith('extF80')
    ? (['extF80', type.endsWith('p32') ? 24 : type.endsWith('p64') ? 53 : 64] as const)
    : ([type as 'f32' | 'f64' | 'i32' | 'i64', 64] as const);
  const load = (offset = 0): string => `${format[0] === 'i' ? 'fild' : 'fld'} ${SIZE[format]} [esi+${offset}]`;
  const keep = 'fstp tword [edi]';
  const of = (instruction: string, code: string[], result: Format = 'extF80'): Program => ({
    unit: 'x87', instruction: instruction.toUpperCase(), code, result, precision,
  }); // prettier-ignore
  const relation = RELATIONS[name];
  if (isOf(X87, name)) return of(X87[name], [load(), load(16), X87[name], keep]);
  if (relation) {
    const compare = relation.quiet ? 'fucomip' : 'fcomip';
    return of(compare, [load(16), load(), `${compare} st1`, ...truth(relation), 'fstp st0'], 'truth');
  }
  switch (name) {
    case 'sqrt':
      return of('fsqrt', [load(), 'fsqrt', keep]);
    case 'roundToInt':
      return of('frndint', [load(), 'frndint', keep]);
    case 'rem': {
      const steps = ['.partial: fprem1', 'fnstsw ax', 'test ah, 4', 'jnz .partial', 'fstp st1'];
      return of('fprem1', [load(16), load(), ...steps, `fstp ${SIZE[format]} [edi]`], format);
    }
    case 'to_extF80':
      return of(format[0] === 'i' ? 'fild' : 'fld', [load(), keep]);
    case 'to_f32':
    case 'to_f64':
    case 'to_i32':
    case 'to_i64': {
      const result = name.slice(3) as 'f32' | 'f64' | 'i32' | 'i64';
      const store = result[0] === 'i' ? 'fistp' : 'fstp';
      return of(store, [load(), `${store} ${SIZE[result]} [edi]`], result);
    }
  }
  return undefined;
}

function sse(type: 'f32' | 'f64' | 'i32', name: string): Program | undefined {
  const kind = type === 'f64' ? 'sd' : 'ss';
  const move = `mov${kind}`;
  const of = (instruction: string, code: string[], result: Format = type): Program => ({
    unit: 'SSE', instruction: instruction.toUpperCase(), code, result, precision: 64,
  }); // prettier-ignore
  const operands = [`${move} xmm0, [esi]`, `${move} xmm1, [esi+16]`];
  const keep = `${move} [edi], xmm0`;
  const relation = RELATIONS[name];
  if (type === 'i32') {
    const result = name.slice(3) as 'f32' | 'f64';
    const [convert, store] = result === 'f32' ? ['cvtsi2ss', 'movss'] : ['cvtsi2sd', 'movsd'];
    return of(convert!, [`${convert} xmm0, dword [esi]`, `${store} [edi], xmm0`], result);
  }
  if (relation) {
    const compare = `${relation.quiet ? 'ucomi' : 'comi'}${kind}`;
    return of(compare, [...operands, `${compare} xmm0, xmm1`, ...truth(relation)], 'truth');
  }
  switch (name) {
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
      return of(`${name}${kind}`, [...operands, `${name}${kind} xmm0, xmm1`, keep]);
    case 'sqrt':
      return of(`sqrt${kind}`, [...operands, `sqrt${kind} xmm0, xmm0`, keep]);
    case 'roundToInt': // as MXCSR says, inexactness reported
      return of(`round${kind}`, [...operands, `round${kind} xmm0, xmm0, 4`, keep]);
    case 'to_i32':
      return of(`cvt${kind}2si`, [`cvt${kind}2si eax, ${SIZE[type]} [esi]`, 'mov [edi], eax'], 'i32');
    case 'to_f32':
    case 'to_f64': {
      const result = name.slice(3) as 'f32' | 'f64';
      const [convert, store] = result === 'f32' ? ['cvtsd2ss', 'movss'] : ['cvtss2sd', 'movsd'];
      return of(convert!, [...operands, `${convert} xmm0, xmm0`, `${store} [edi], xmm0`], result);
    }
  }
  return undefined;
}

/** Undefined when no instruction does what the function does. */
export function programOf(name: string): Program | undefined {
  const [, type, operation] = /^([a-zA-Z0-9]+)_(\w+)$/.exec(name)!;
  const scalar = type === 'f32' || type === 'f64' || type === 'i32' ? sse(type, operation!) : undefined;
  return scalar ?? x87(type!, operation!);
}
