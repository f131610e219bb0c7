// Launches a small program once and throws it away. A worker that waits for its session does so, so that the engine's
// and the assembler's code is loaded, compiled and warm when F5 is pressed.
import type { FileSystem } from '../debugger/load/files';
import { Debugger } from '../debugger/debugger';
import { Guest } from '../debugger/guest';
import { loadGuest } from '../debugger/load/guestOptions';
import { checkLaunch } from './launchAttributes';

const PATH = '/warm-up/boot.asm';
const SOURCE = `org 0x7c00
bits 16
%define LETTER(n) ('a' + (n))
%macro print 1
        mov     ah, 0x0e
        mov     al, %1
        int     0x10
%endmacro
start:  xor     ax, ax
        mov     ds, ax
        mov     si, text
.next:  lodsb
        test    al, al
        jz      .done
        print   al
        inc     word [count]
        jmp     .next
.done:  print   LETTER(1)
        cli
        hlt
text:   db      "warm", 13, 10, 0
count:  dw      0
times 510 - ($ - $$) db 0
        dw      0xaa55
`;
const LIMITS = { instructions: 20_000, expired: () => false };

const FILES: FileSystem = {
  read: (path) => Promise.resolve(path === PATH ? new TextEncoder().encode(SOURCE) : undefined),
  list: () => Promise.resolve(undefined),
  stat: (path) => Promise.resolve(path === PATH ? { name: 'boot.asm', kind: 'file', size: SOURCE.length } : undefined),
};

/** Answers what the program printed. */
export async function warmUp(): Promise<string> {
  const { machine, program } = await loadGuest(checkLaunch({ program: PATH }, '/warm-up', 0).guest, FILES);
  const guest = new Guest(machine);
  const debug = new Debugger(guest.target, program, { log: () => undefined });
  debug.runToEntry();
  debug.slice(LIMITS);
  debug.stack();
  debug.continue();
  debug.slice(LIMITS);
  guest.screen();
  return guest.screenText();
}
