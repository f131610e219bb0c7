// Small guest programs for the firmware tests: assembled by nasm, loaded whole by their own first sector, reporting through
// port E9, run on our machine and on QEMU with SeaBIOS.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Machine } from '../../../src/machine/machine';
import type { MachineOptions, StopReason } from '../../../src/machine/types';

export type Medium = 'floppy' | 'ide';

const SECTORS = 40;
const IMAGE_SECTORS = 2880;

/** First sector: keeps the registers of the boot, loads the rest to 0000:7E00 and goes there. */
const PROLOGUE = `
  org 0x7c00
  bits 16
entry:
  jmp 0:.start
.start:
  xor ax, ax
  mov ds, ax
  mov es, ax
  mov ss, ax
  mov sp, 0x7000
  mov [boot_drive], dl
  cld
  mov si, 1
  mov bx, 0x7e00
.load:
  mov ax, si
  mov cl, 18
  div cl
  mov cl, ah
  inc cl
  mov dh, al
  and dh, 1
  mov ch, al
  shr ch, 1
  mov dl, [boot_drive]
  cmp dl, 0x80
  jb .read
  mov dh, 0
  mov cx, si                ; the hard disk has 63 sectors a track
  inc cx
.read:
  mov ax, 0x0201
  int 0x13
  jc failed
  add bx, 512
  inc si
  cmp si, ${SECTORS}
  jb .load
  jmp main
failed:
  mov al, '!'
  out 0xe9, al
  jmp stop
boot_drive: db 0
  times 510-($-$$) db 0
  dw 0xaa55

%macro zero 0               ; known values in every register
  xor eax, eax
  mov ebx, eax
  mov ecx, eax
  mov edx, eax
  mov esi, eax
  mov edi, eax
  mov ebp, eax
  mov es, ax
%endmacro
%macro name 1               ; begins a line of the report
  call print_text
  db %1, ' ', 0
%endmacro
%macro call_int 1           ; calls and reports all registers
  clc
  int %1
  call report
%endmacro

finish:
  name 'end'
  call newline
stop:
  mov al, 0
  out 0xf4, al
  cli
  hlt
print_text:                 ; text follows the call
  pop si
.next:
  cs lodsb
  test al, al
  jz .done
  out 0xe9, al
  jmp .next
.done:
  jmp si
report:
  pushfd
  push es
  pushad
  mov bp, sp
  name 'ax'
  mov eax, [bp + 28]
  call hex32
  name ' bx'
  mov eax, [bp + 16]
  call hex32
  name ' cx'
  mov eax, [bp + 24]
  call hex32
  name ' dx'
  mov eax, [bp + 20]
  call hex32
  name ' di'
  mov ax, [bp]
  call hex16
  name ' bp'
  mov ax, [bp + 8]
  call hex16
  name ' es'
  mov ax, [bp + 32]
  call hex16
  name ' cf'
  mov al, [bp + 34]
  and al, 1
  call hex8
  name ' zf'
  mov al, [bp + 34]
  shr al, 6
  and al, 1
  call hex8
  call newline
  popad
  pop es
  popfd
  ret
newline:
  push ax
  mov al, 10
  out 0xe9, al
  pop ax
  ret
hex32:
  push eax
  shr eax, 16
  call hex16
  pop eax
hex16:
  push ax
  mov al, ah
  call hex8
  pop ax
hex8:
  push ax
  aam 16
  push ax
  mov al, ah
  call .digit
  pop ax
  call .digit
  pop ax
  ret
.digit:
  cmp al, 10
  sbb al, 0x69
  das
  out 0xe9, al
  ret
dump:                       ; cx bytes at ds:si
  lodsb
  call hex8
  loop dump
  call newline
  ret
`;

/** Assembles a program whose body begins at label \`main\` and ends by jumping to \`finish\`. */
export function assembleProgram(body: string): Uint8Array {
  return nasm(`${PROLOGUE}\nmain:\n${body}\n  jmp finish\n  times ${IMAGE_SECTORS * 512}-($-$$) db 0\n`);
}

/** Raw binary by nasm. */
export function nasm(source: string): Uint8Array {
  const folder = mkdtempSync(path.join(tmpdir(), 'ringside-fw-'));
  try {
    const file = path.join(folder, 'a.asm');
    writeFileSync(file, source);
    const result = spawnSync('nasm', ['-f', 'bin', '-o', path.join(folder, 'a.img'), file], { encoding: 'utf8' });
    assert.equal(result.status, 0, `nasm: ${result.error?.message ?? result.stderr}`);
    return readFileSync(path.join(folder, 'a.img'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface OurRun {
  machine: Machine;
  /** What the program wrote to port E9. */
  output: string;
  stop: StopReason;
}

const LIMIT = 400e6;

export function runOurs(image: Uint8Array, medium: Medium, options: MachineOptions = {}): OurRun {
  const machine = new Machine({ drives: [{ image, kind: medium, name: 'test.img' }], ...options });
  let output = '';
  machine.onDebugByte.on((byte) => (output += String.fromCharCode(byte)));
  const stop = machine.run(LIMIT);
  if (stop.kind === 'debug-exit') assert.match(output, /end \n$/, 'the program did not come to its end');
  return { machine, output, stop };
}

/** The same on QEMU; ends by the debug-exit port. */
export function runQemu(image: Uint8Array, medium: Medium, extra: readonly string[] = [], end = 'end \n'): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'ringside-qemu-'));
  try {
    const file = path.join(folder, 'disk.img');
    const log = path.join(folder, 'e9.txt');
    writeFileSync(file, image);
    const drive = `file=${file},format=raw,if=${medium},snapshot=on`;
    const result = spawnSync(
      'qemu-system-i386',
      ['-display', 'none', '-m', '64', '-net', 'none', '-drive', drive, '-boot', medium === 'ide' ? 'c' : 'a']
        .concat('-device', 'isa-debug-exit,iobase=0xf4,iosize=4', '-debugcon', `file:${log}`, '-rtc', 'base=2025-01-01')
        .concat(extra),
      { timeout: 40_000, encoding: 'utf8' },
    );
    assert.ok(!result.error, `qemu-system-i386: ${result.error?.message}`);
    assert.equal(result.status, 1, `QEMU ended with ${result.status}: ${result.stderr}`);
    const output = readFileSync(log, 'latin1');
    assert.ok(output.endsWith(end), 'the program did not come to its end on QEMU');
    return output;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Lines by their name, the text before the first blank. */
export function lines(output: string): Map<string, string> {
  return new Map(
    output
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  );
}

/** The fields of a line that `report` printed. */
export function fields(line: string): Record<string, string> {
  const words = line.trim().split(/ +/);
  const result: Record<string, string> = {};
  for (let i = 0; i + 1 < words.length; i += 2) result[words[i]] = words[i + 1];
  return result;
}

/**
 * Runs a program here and on QEMU and compares line by line. `apart` names lines or `line.field`s that differ for a
 * reason, which is its value.
 */
export function compareWithQemu(
  body: string,
  medium: Medium,
  apart: Readonly<Record<string, string>> = {},
  options: MachineOptions = {},
  qemu: readonly string[] = [],
): void {
  const image = assembleProgram(body);
  const ours = runOurs(image, medium, options);
  assert.equal(ours.stop.kind, 'debug-exit', `our run ended with ${JSON.stringify(ours.stop)} after:\n${ours.output}`);
  const theirs = runQemu(image, medium, qemu);
  const [a, b] = [lines(ours.output), lines(theirs)];
  assert.deepEqual([...a.keys()], [...b.keys()], 'the reports have the same lines');
  const differences: string[] = [];
  const used = new Set<string>();
  for (const [name, line] of a) {
    const other = b.get(name)!;
    if (line === other) continue;
    if (apart[name] !== undefined) {
      used.add(name);
      continue;
    }
    const [x, y] = [fields(line), fields(other)];
    let excuses = 0;
    const wrong = Object.keys(x).filter((field) => {
      if (x[field] === y[field]) return false;
      const excused = apart[`${name}.${field}`] !== undefined;
      if (excused) used.add(`${name}.${field}`);
      if (excused) excuses++;
      return !excused;
    });
    // a line without fields, or with others, differs as a whole
    if (wrong.length || excuses === 0)
      differences.push(`${name}: ${wrong.join(', ')} differ\n  ours ${line}\n  QEMU ${other}`);
  }
  assert.deepEqual(differences, []);
  assert.deepEqual(
    Object.keys(apart).filter((name) => !used.has(name)),
    [],
    'excused differences that do not occur',
  );
}

/** Registers in the order in which they are loaded; values in nasm's syntax, numbers as they are. */
export type Registers = Readonly<Record<string, number | string>>;

/** One call of a service with all other registers zero, reported on a line of its own. */
export function call(name: string, vector: number, registers: Registers): string {
  const loads = Object.entries(registers).map(([register, value]) =>
    /^[defgs]s$/.test(register) ? `  push word ${value}\n  pop ${register}` : `  mov ${register}, ${value}`,
  );
  return [`  name '${name}'`, '  zero', ...loads, `  call_int ${vector}`].join('\n');
}

/** Dumps memory of segment 0 on a line of its own. */
export const dumpMemory = (name: string, address: number | string, length: number): string =>
  [
    `  name '${name}'`,
    '  push ds',
    '  xor si, si',
    '  mov ds, si',
    `  mov si, ${address}`,
    `  mov cx, ${length}`,
    '  call dump',
    '  pop ds',
  ].join('\n');
