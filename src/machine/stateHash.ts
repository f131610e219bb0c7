// One number for everything a guest could see: equal machines have equal hashes. For tests and for checking replays.

import { RAM_BASE } from '../cpu/layout';
import type { Machine } from './machine';
import { registerNames } from './registers';
import { videoMemory } from './snapshot';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** 64 bits as hexadecimal text: registers, RAM, video memory, chips, written sectors, counts and time. */
export function stateHash(machine: Machine): string {
  const { cpu, board, drives, memory, ramBytes } = machine;
  const hash = new Hash();
  hash.text([machine.icount, machine.timeNs].join());
  const { processors } = machine;
  for (let n = 0; n < processors.count; n++) {
    processors.with(n, () => {
      hash.text(registerNames().map((name) => machine.getRegister(name)).join()); // prettier-ignore
      hash.text([cpu.halted, cpu.shutdown, cpu.nmi, cpu.intr, processors.isWaiting(n)].join());
    });
  }
  if (processors.count > 1) processors.atTurn(() => hash.text([processors.selected, processors.left].join()));
  hash.text(processors.atTurn(() => JSON.stringify(board.getState())));
  hash.words(new Uint32Array(memory.buffer, RAM_BASE, ramBytes >> 2));
  const video = videoMemory(memory);
  hash.words(new Uint32Array(video.buffer, video.byteOffset, video.length >> 2));
  for (const drive of drives) {
    for (const [sector, bytes] of drive.getState()) hash.text(`${sector}:${bytes.join()}`);
  }
  return hash.toString();
}

class Hash {
  private a = FNV_OFFSET;
  private b = FNV_PRIME;

  words(words: Uint32Array): void {
    let { a, b } = this;
    for (let i = 0; i < words.length; i++) {
      a = Math.imul(a ^ words[i], FNV_PRIME);
      b = (Math.imul(b, 31) + (words[i] ^ (a >>> 15))) | 0;
    }
    this.a = a;
    this.b = b;
  }

  text(text: string): void {
    this.words(Uint32Array.from(text, (character) => character.codePointAt(0)!));
  }

  toString(): string {
    return [this.a, this.b].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
