// What integer, bit, stack and string instructions do, in pseudo-code (Intel SDM vol. 2, "Operation"). `dst` is the first
// operand and `src` the next one (`src1`, `src2` of three); `size` is the operand size in bits, `n` in bytes; flags are listed apart.
// `(E)` and `(R)` stand for the width that operand or address size gives.
import type { Pseudocode } from './types';

const shift = (text: string): string => `count := src AND (size = 64 ? 63 : 31)\nrepeat count times: ${text}`;
const bit = (text: string): string =>
  `i := src mod size (memory operand with a register: any signed distance)\nCF := bit i of dst${text}`;
const PUSH = 'SP := SP - n\n[SS:SP] := ';
const UNITS = { b: 1, w: 2, d: 4, q: 8 } as const;

function stringOperations(): [string, string][] {
  return Object.entries(UNITS).flatMap(([letter, bytes]): [string, string][] => {
    const accumulator = { b: 'AL', w: 'AX', d: 'EAX', q: 'RAX' }[letter as keyof typeof UNITS];
    const step = (...registers: string[]): string =>
      registers.map((name) => `\n(E)${name} := (E)${name} + (DF = 0 ? ${bytes} : -${bytes})`).join('');
    const unit = `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
    return [
      [`movs${letter}`, `[ES:(E)DI] := [DS:(E)SI], ${unit}${step('SI', 'DI')}`],
      [`cmps${letter}`, `flags of [DS:(E)SI] - [ES:(E)DI], ${unit}${step('SI', 'DI')}`],
      [`stos${letter}`, `[ES:(E)DI] := ${accumulator}${step('DI')}`],
      [`lods${letter}`, `${accumulator} := [DS:(E)SI]${step('SI')}`],
      [`scas${letter}`, `flags of ${accumulator} - [ES:(E)DI]${step('DI')}`],
      [`ins${letter}`, `[ES:(E)DI] := port DX, ${unit}${step('DI')}`],
      [`outs${letter}`, `port DX := [DS:(E)SI], ${unit}${step('SI')}`],
    ];
  });
}

const EIGHT = 'AX CX DX BX SP BP SI DI'.split(' ');
const pushAll = (prefix: string): string =>
  `old := ${prefix}SP\npush ${EIGHT.slice(0, 4)
    .map((name) => prefix + name)
    .join(', ')}, old, ${['BP', 'SI', 'DI'].map((name) => prefix + name).join(', ')}`;
const popAll = (prefix: string): string =>
  `pop ${['DI', 'SI', 'BP'].map((name) => prefix + name).join(', ')}\nskip ${prefix}SP\npop ${['BX', 'DX', 'CX', 'AX']
    .map((name) => prefix + name)
    .join(', ')}`;

const multiply = (kind: string): string =>
  `size = 8:  AX := AL * src\nsize = 16: DX:AX := AX * src\nsize = 32: EDX:EAX := EAX * src\nsize = 64: RDX:RAX := RAX * src\n(${kind})`;
const divide = (kind: string): string =>
  `size = 8:  AL := AX / src, AH := AX mod src\nsize = 16: AX := DX:AX / src, DX := DX:AX mod src\nsize = 32: EAX := EDX:EAX / src, EDX := EDX:EAX mod src\nsize = 64: RAX := RDX:RAX / src, RDX := RDX:RAX mod src\n(${kind}; #DE if src = 0 or the quotient does not fit)`;
const farPointer = (register: string): string =>
  `dst := offset at [src]\n${register} := selector behind it, with all checks`;
const compareExchange = (high: string, low: string, by: string): string =>
  `if ${high}:${low} = dst: ZF := 1, dst := ${by}\nelse: ZF := 0, ${high}:${low} := dst`;

export const INTEGER: Pseudocode = {
  add: 'dst := dst + src',
  adc: 'dst := dst + src + CF',
  sbb: 'dst := dst - (src + CF)',
  sub: 'dst := dst - src',
  cmp: 'flags of dst - src',
  inc: 'dst := dst + 1',
  dec: 'dst := dst - 1',
  neg: 'CF := dst <> 0\ndst := 0 - dst',
  mul: multiply('unsigned; CF = OF = 1 when the high half is not 0'),
  imul: `${multiply('signed')}\ntwo operands:   dst := dst * src\nthree operands: dst := src1 * src2\n(CF = OF = 1 when bits of the product are lost)`,
  div: divide('unsigned'),
  idiv: divide('signed, rounded towards 0'),
  cbw: 'AX := sign-extend(AL)',
  cwde: 'EAX := sign-extend(AX)',
  cdqe: 'RAX := sign-extend(EAX)',
  cwd: 'DX := AX < 0 ? FFFFh : 0',
  cdq: 'EDX := EAX < 0 ? FFFFFFFFh : 0',
  cqo: 'RDX := RAX < 0 ? all ones : 0',
  cmpxchg: 'flags of accumulator - dst\nif accumulator = dst: dst := src\nelse: accumulator := dst',
  cmpxchg8b: compareExchange('EDX', 'EAX', 'ECX:EBX'),
  cmpxchg16b: compareExchange('RDX', 'RAX', 'RCX:RBX'),
  xadd: 't := dst + src\nsrc := dst\ndst := t',

  and: 'dst := dst AND src\nCF := OF := 0',
  or: 'dst := dst OR src\nCF := OF := 0',
  xor: 'dst := dst XOR src\nCF := OF := 0',
  not: 'dst := NOT dst',
  test: 'flags of dst AND src\nCF := OF := 0',
  rol: shift('CF := top bit of dst, dst := dst << 1 + CF'),
  ror: shift('CF := bit 0 of dst, dst := dst >> 1 with CF as top bit'),
  rcl: shift('t := top bit of dst, dst := dst << 1 + CF, CF := t'),
  rcr: shift('t := bit 0 of dst, dst := dst >> 1 with CF as top bit, CF := t'),
  shl: shift('CF := top bit of dst, dst := dst << 1'),
  sal: shift('CF := top bit of dst, dst := dst << 1'),
  shr: shift('CF := bit 0 of dst, dst := dst >> 1 (unsigned)'),
  sar: shift('CF := bit 0 of dst, dst := dst >> 1 (signed)'),
  shld: 'count := src2 AND (size = 64 ? 63 : 31)\ndst := high half of (dst:src1 << count)\nCF := last bit shifted out',
  shrd: 'count := src2 AND (size = 64 ? 63 : 31)\ndst := low half of (src1:dst >> count)\nCF := last bit shifted out',
  bt: bit(''),
  bts: bit('\nbit i of dst := 1'),
  btr: bit('\nbit i of dst := 0'),
  btc: bit('\nbit i of dst := NOT bit i of dst'),
  bsf: 'ZF := src = 0\nif src <> 0: dst := index of the lowest 1 in src',
  bsr: 'ZF := src = 0\nif src <> 0: dst := index of the highest 1 in src',
  bswap: 'for each byte i: dst[i] := dst[n - 1 - i]',
  popcnt: 'dst := number of 1 bits in src\nZF := src = 0',
  tzcnt: 'dst := src = 0 ? size : index of the lowest 1\nCF := src = 0, ZF := dst = 0',
  lzcnt: 'dst := src = 0 ? size : size - 1 - index of the highest 1\nCF := src = 0, ZF := dst = 0',
  andn: 'dst := NOT src1 AND src2',
  bextr: 'start := bits 7-0 of src2, length := bits 15-8 of src2\ndst := (src1 >> start) AND (2^length - 1)',
  blsr: 'dst := src AND (src - 1)\nCF := src = 0',
  blsmsk: 'dst := src XOR (src - 1)\nCF := src = 0',
  blsi: 'dst := src AND -src\nCF := src <> 0',
  bzhi: 'k := bits 7-0 of src2\ndst := k < size ? src1 AND (2^k - 1) : src1\nCF := k >= size',
  mulx: 'dst1:dst2 := (R)EDX * src (unsigned)',
  pdep: 'k := 0\nfor i from 0 while i < size: if bit i of src2: bit i of dst := bit k of src1, k := k + 1\n  else: bit i of dst := 0',
  pext: 'k := 0, dst := 0\nfor i from 0 while i < size: if bit i of src2: bit k of dst := bit i of src1, k := k + 1',
  rorx: 'dst := src rotated right by imm mod size',
  sarx: 'dst := src1 >> (src2 mod size) (signed)',
  shlx: 'dst := src1 << (src2 mod size)',
  shrx: 'dst := src1 >> (src2 mod size) (unsigned)',
  adcx: 'CF:dst := dst + src + CF',
  adox: 'OF:dst := dst + src + OF',
  crc32: 'dst := CRC-32C of src (polynomial 11EDC6F41h), going on from dst',

  mov: 'dst := src\n(dst is a segment register: loads its descriptor, with all checks)',
  movzx: 'dst := zero-extend(src)',
  movsx: 'dst := sign-extend(src)',
  movsxd: 'dst := sign-extend(src)',
  movbe: 'dst := src with its bytes in the opposite order',
  movnti: '[dst] := src, past the caches',
  lea: 'dst := offset of src (no memory access)',
  les: farPointer('ES'),
  lds: farPointer('DS'),
  lss: farPointer('SS'),
  lfs: farPointer('FS'),
  lgs: farPointer('GS'),
  xchg: 't := dst, dst := src, src := t (locked when one is memory)',
  xlat: 'AL := [DS:(E)BX + AL]',
  xlatb: 'AL := [DS:(E)BX + AL]',
  cmov: 'if condition: dst := src',
  set: 'dst := condition ? 1 : 0',

  push: `t := src\n${PUSH}t`,
  pop: 't := [SS:SP]\nSP := SP + n\ndst := t',
  pusha: pushAll('(E)'),
  pushaw: pushAll(''),
  pushad: pushAll('E'),
  popa: popAll('(E)'),
  popaw: popAll(''),
  popad: popAll('E'),
  pushf: `${PUSH}FLAGS (VM and RF as 0)`,
  pushfw: `${PUSH}low 16 bits of FLAGS`,
  pushfd: `${PUSH}EFLAGS (VM and RF as 0)`,
  pushfq: `${PUSH}RFLAGS (VM and RF as 0)`,
  popf: 'pop FLAGS\n(IOPL only with CPL = 0, IF only with CPL <= IOPL, VM never)',
  popfw: 'pop the low 16 bits of FLAGS\n(IOPL only with CPL = 0, IF only with CPL <= IOPL)',
  popfd: 'pop EFLAGS\n(IOPL only with CPL = 0, IF only with CPL <= IOPL, VM never)',
  popfq: 'pop RFLAGS\n(IOPL only with CPL = 0, IF only with CPL <= IOPL)',
  enter:
    'level := src mod 32\npush BP, frame := SP\nif level > 0: push the level - 1 frame pointers of the outer frame, then frame\nBP := frame, SP := SP - dst',
  leave: 'SP := BP\npop BP',
  bound: 'if dst < [src] or dst > [src + n] (signed): raise #BR',

  ...Object.fromEntries(stringOperations()),
  in: 'accumulator := port src',
  out: 'port dst := accumulator',

  clc: 'CF := 0',
  stc: 'CF := 1',
  cmc: 'CF := NOT CF',
  cld: 'DF := 0',
  std: 'DF := 1',
  cli: 'IF := 0 (VIF with VME or PVI and CPL > IOPL)',
  sti: 'IF := 1 (VIF with VME or PVI and CPL > IOPL)\nno interrupt before the next instruction has ended',
  lahf: 'AH := SF:ZF:0:AF:0:PF:1:CF',
  sahf: 'SF:ZF:0:AF:0:PF:1:CF := AH',
  salc: 'AL := CF ? FFh : 0',
  daa: 'old := AL\nif low digit of AL > 9 or AF: AL := AL + 6, AF := 1\nif old > 99h or CF: AL := AL + 60h, CF := 1',
  das: 'old := AL\nif low digit of AL > 9 or AF: AL := AL - 6, AF := 1\nif old > 99h or CF: AL := AL - 60h, CF := 1',
  aaa: 'if low digit of AL > 9 or AF: AX := AX + 106h, AF := CF := 1\nelse: AF := CF := 0\nAL := AL AND 0Fh',
  aas: 'if low digit of AL > 9 or AF: AX := AX - 6, AH := AH - 1, AF := CF := 1\nelse: AF := CF := 0\nAL := AL AND 0Fh',
  aam: 'AH := AL / base, AL := AL mod base (#DE if base = 0)',
  aad: 'AL := (AH * base + AL) mod 256, AH := 0',
};
