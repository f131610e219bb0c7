// What a watchpoint reports: one access for each operand, as wide as it is, with the bytes before and after.
import assert from 'node:assert/strict';
import type { WatchpointStop } from '../../src/machine/types';
import { bootSector, machineOf } from './guests';

const SETUP = `
  xor ax, ax
  mov ds, ax
  mov es, ax
  mov ss, ax
  mov sp, 0x7000
  mov eax, cr4
  or eax, 0x600
  mov cr4, eax
  fninit
  mov dword [0x5000], 0x44332211
  mov dword [0x5004], 0x88776655
  mov edx, 0x01020304
  mov ecx, 0x05060708
  mov ebx, 0x0a0b0c0d
  movd xmm1, edx
  movq mm1, [0x5000]
  jmp go
go:
`;

const hex = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');

/** The first access that is watched. */
function first(code: string, watch = { linear: 0x5003, length: 1 }): string {
  const machine = machineOf(bootSector(`${SETUP}${code}\n  jmp $`));
  const entry = Buffer.from(bootSector(`${SETUP}\n  db 0xcc, 0xcd`)).indexOf(Buffer.from([0xcc, 0xcd])) + 0x7c00;
  machine.setBreakpoints(new Set([entry]));
  assert.equal(machine.run(1e6).kind, 'breakpoint');
  machine.setWatchpoints([{ ...watch, access: 'readWrite' }]);
  const stop = machine.run(1000) as WatchpointStop;
  assert.equal(stop.kind, 'watchpoint', code);
  const { size, access, linear, before, value } = stop;
  const values = before ? `${hex(before)} > ${hex(value)}` : hex(value);
  return `${access} ${size} at ${linear.toString(16)}: ${values}`;
}

const OLD = '11 22 33 44 55 66 77 88';
const CASES: readonly (readonly [string, string])[] = [
  ['mov [0x5000], edx', 'write 4 at 5000: 11 22 33 44 > 04 03 02 01'],
  ['mov ax, [0x5002]', 'read 2 at 5002: 33 44'],
  ['add dword [0x5000], 0x10', 'write 4 at 5000: 11 22 33 44 > 21 22 33 44'],
  ['xchg [0x5003], dl', 'write 1 at 5003: 44 > 04'],
  ['fld qword [0x5000]', `read 8 at 5000: ${OLD}`],
  ['fild qword [0x5000]', `read 8 at 5000: ${OLD}`],
  ['fld tword [0x5000]', `read 10 at 5000: ${OLD} 00 00`],
  ['fninit\n  fldpi\n  fstp qword [0x5000]', `write 8 at 5000: ${OLD} > 18 2d 44 54 fb 21 09 40`],
  ['fninit\n  fldpi\n  fstp tword [0x5000]', `write 10 at 5000: ${OLD} 00 00 > 35 c2 68 21 a2 da 0f c9 00 40`],
  ['movq [0x5000], xmm1', `write 8 at 5000: ${OLD} > 04 03 02 01 00 00 00 00`],
  ['movq mm0, [0x5000]', `read 8 at 5000: ${OLD}`],
  ['movaps [0x5000], xmm1', `write 16 at 5000: ${OLD} ${'00 '.repeat(8)}> 04 03 02 01${' 00'.repeat(12)}`],
  ['movups xmm0, [0x5000]', `read 16 at 5000: ${OLD}${' 00'.repeat(8)}`],
  [
    'mov eax, 0x44332211\n  mov edx, 0x88776655\n  mov di, 0x5000\n  cmpxchg8b [di]',
    `write 8 at 5000: ${OLD} > 0d 0c 0b 0a 08 07 06 05`,
  ],
];

describe('watched accesses', () => {
  for (const [code, expected] of CASES) {
    it(`${code.replace(/\s+/g, ' ')}: ${expected.split(':')[0]}`, () => assert.equal(first(`  ${code}`), expected));
  }
  it('are whole when they lie in two pages', () => {
    const code = '  mov di, 0x5ffa\n  fninit\n  fldpi\n  fstp qword [di]';
    for (const linear of [0x5ffa, 0x6001])
      assert.equal(first(code, { linear, length: 1 }), `write 8 at 5ffa:${' 00'.repeat(8)} > 18 2d 44 54 fb 21 09 40`);
  });
  it('of the display window have their values, too', () => {
    const code = '  mov ax, 0xb800\n  mov es, ax\n  mov word [es:0], 0x1741\n  mov word [es:0], 0x1742';
    assert.match(first(code, { linear: 0xb8000, length: 2 }), /^write 2 at b8000: .. .. > 41 17$/);
  });
});
