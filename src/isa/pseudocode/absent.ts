// Instructions that no model announces.
import type { Pseudocode } from './types';

const pairs = (text: string): string => `for each single i: dst[i] := ${text}`;
const compare = (operator: string): string => pairs(`(dst[i] ${operator} src[i]) ? all ones : 0`);
const cipher = (step: string): string =>
  `repeat (E)CX times, by blocks of 16 bytes:\n  [ES:(E)DI] := ${step} with the key at ES:(E)BX and the control word at ES:(E)DX`;
const hash = (name: string): string => `${name} at [ES:(E)DI] := after (E)CX bytes from [ES:(E)SI]`;

export const ABSENT: Pseudocode = {
  xbegin:
    'note registers and target, keep stores back\nwhen aborted: registers as noted, EAX := reason, (E/R)IP := target',
  xabort: 'in a transaction: abort it, EAX[31:24] := imm',
  xend: 'innermost transaction: make all its stores visible at once\nno transaction: raise #GP',
  xtest: 'ZF := not in a transaction\nCF := OF := SF := AF := PF := 0',
  umonitor: 'watch the line at [src]',
  umwait:
    'wait for a store to the watched line, an interrupt, or TSC >= EDX:EAX\nCF := the limit of the system ended it',
  tpause: 'wait for an interrupt or TSC >= EDX:EAX\nCF := the limit of the system ended it',
  movdiri: 'dst := src, past the caches',
  movdir64b: '64 bytes at [ES:dst] := 64 bytes at [src], in one write past the caches',
  pvalidate: 'page at (R)AX: validated := EDX[0]\nEAX := result, CF := nothing changed',
  rmpadjust: 'page at RAX: permissions of the level in RDX := RDX[15:8]\nEAX := result',
  xstore: '[ES:(E)DI] := random bytes, (E)DI += their number\nEAX := status',
  xcryptecb: cipher('AES of [ES:(E)SI]'),
  xcryptcbc: cipher('AES of [ES:(E)SI] XOR the block before'),
  xcryptctr: cipher('[ES:(E)SI] XOR AES of a counter'),
  xcryptcfb: cipher('[ES:(E)SI] XOR AES of the block before'),
  xcryptofb: cipher('[ES:(E)SI] XOR AES of the key stream before'),
  montmul: 'operands at [ES:(E)SI], ECX bits: T := A * B / 2^ECX mod M',
  xsha1: hash('SHA-1'),
  xsha256: hash('SHA-256'),
  femms: 'tags of all x87 registers := empty\nMMX registers: any values',
  pi2fd: 'for each doubleword i: dst[i] := single of src[i]',
  pi2fw: 'for each doubleword i: dst[i] := single of the low word of src[i], signed',
  pf2id: 'for each single i: dst[i] := doubleword of src[i], truncated and saturated',
  pf2iw: 'for each single i: dst[i] := word of src[i], truncated and saturated, sign-extended',
  pfadd: pairs('dst[i] + src[i]'),
  pfsub: pairs('dst[i] - src[i]'),
  pfsubr: pairs('src[i] - dst[i]'),
  pfmul: pairs('dst[i] * src[i]'),
  pfacc: 'dst := (dst[0] + dst[1], src[0] + src[1])',
  pfnacc: 'dst := (dst[0] - dst[1], src[0] - src[1])',
  pfpnacc: 'dst := (dst[0] - dst[1], src[0] + src[1])',
  pfmin: pairs('the smaller of dst[i] and src[i]'),
  pfmax: pairs('the larger of dst[i] and src[i]'),
  pfcmpeq: compare('='),
  pfcmpge: compare('>='),
  pfcmpgt: compare('>'),
  pfrcp: 'dst[0] := dst[1] := about 1 / src[0]',
  pfrcpit1: pairs('first step of a Newton iteration for 1 / dst[i], estimated by src[i]'),
  pfrcpit2: pairs('last step of the iteration that dst[i] came from, estimate src[i]'),
  pfrsqrt: 'dst[0] := dst[1] := about 1 / square root of src[0]',
  pfrsqit1: pairs('first step of a Newton iteration for 1 / square root, of dst[i] and src[i]'),
  pmulhrwa: 'for each word i: dst[i] := (dst[i] * src[i] + 8000h) >> 16, signed',
  pavgusb: 'for each byte i: dst[i] := (dst[i] + src[i] + 1) >> 1, unsigned',
  pswapd: 'dst := (src[1], src[0])',
  pcommit: 'make stores that reached the memory controller durable',
};
