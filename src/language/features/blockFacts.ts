// What lies below each label that is not local, up to the next one: bytes, instructions, and the cycles of going through it once.
import { cyclesOf } from '../../isa/cycles';
import { decode } from '../../isa/decode';
import type { Analysis } from '../project/analysis';

export interface Block {
  bytes: number;
  instructions: number;
  /** Of every instruction executed once on a 486; undefined when one of them has no figure. */
  cycles?: { least: number; most: number };
}

const ownerOf = (name: string): string => (name.startsWith('..') ? name : name.split('.')[0]!);

export function blocksOf(analysis: Analysis): Map<string, Block> {
  const blocks = new Map<string, Block>();
  for (const symbol of analysis.result.symbols) {
    const { name, size, section, kind } = symbol;
    if (kind !== 'label' || section === undefined || size === undefined) continue;
    const owner = ownerOf(name);
    const block = blocks.get(owner) ?? { bytes: 0, instructions: 0, cycles: { least: 0, most: 0 } };
    blocks.set(owner, block);
    block.bytes += size;
    addInstructions(block, analysis, section, Number(symbol.value), size);
  }
  return blocks;
}

function addInstructions(block: Block, analysis: Analysis, section: string, from: number, size: number): void {
  const { entries } = analysis.result.map;
  for (let i = firstAt(entries, from); i < entries.length && entries[i]!.address < from + size; i++) {
    const entry = entries[i]!;
    if (entry.section !== section || entry.kind !== 'code') continue;
    const bytes = analysis.bytesOf(entry);
    for (let at = 0; at < bytes.length;) {
      const insn = decode(bytes, at, entry.bits);
      const cycles = cyclesOf(insn);
      block.instructions++;
      if (cycles && block.cycles) {
        block.cycles.least += cycles.least;
        block.cycles.most += cycles.most;
      } else delete block.cycles;
      at += Math.max(1, insn.len);
    }
  }
}

/** Index of the first entry at or after an address. */
function firstAt(entries: readonly { address: number }[], address: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.address < address) low = middle + 1;
    else high = middle;
  }
  return low;
}
