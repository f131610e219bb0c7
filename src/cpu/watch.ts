// Accesses to watched pages: the debugger's watchpoints and the data breakpoints of DR0-DR3
// (Intel SDM vol. 3, "Debug Registers"). Such pages stay out of the TLB, so that every access there comes through here.
import type { Cpu } from './cpu';
import { pageOf } from './linear';
import { F_WATCHED, S_ATTN, S_DR } from './layout';
import { flushTranslations } from './tlb';

export const isWatched = (cpu: Cpu, linear: number): boolean => {
  const page = pageOf(linear);
  return (
    (cpu.watchedPages.size !== 0 && cpu.watchedPages.has(page)) ||
    (cpu.breakpointPages.size !== 0 && cpu.breakpointPages.has(page))
  );
};

/** Replaces the set of watched linear pages (page numbers). */
export function setWatchedPages(cpu: Cpu, pages: Iterable<number>): void {
  cpu.watchedPages.clear();
  for (const page of pages) cpu.watchedPages.add(page);
  flushTranslations(cpu);
}

export const debugRegister = (cpu: Cpu, n: number): number => cpu.signed64(S_DR + n * 8);

/** First byte of what a debug register covers: its low bits count as zero. */
export const debugStart = (cpu: Cpu, n: number, length: number): number => {
  const address = debugRegister(cpu, n);
  return address - (address & (length - 1));
};

// R/W field of DR7.
export const DR_EXECUTE = 0,
  DR_WRITE = 1,
  DR_IO = 2,
  DR_READ_WRITE = 3;

export const drEnabled = (dr7: number, n: number): boolean => ((dr7 >> (n * 2)) & 3) !== 0;
export const drKind = (dr7: number, n: number): number => (dr7 >> (16 + n * 4)) & 3;
/** 1, 2, 4 (or 8) bytes. */
export const drLength = (dr7: number, n: number): number => [1, 2, 8, 4][(dr7 >> (18 + n * 4)) & 3]!;

/** Follows a change of DR0-DR3 or DR7. */
export function updateBreakpointPages(cpu: Cpu): void {
  const dr7 = cpu.dr7;
  const before = cpu.breakpointPages.size;
  cpu.breakpointPages.clear();
  for (let n = 0; n < 4; n++) {
    const kind = drKind(dr7, n);
    if (!drEnabled(dr7, n) || kind === DR_EXECUTE || kind === DR_IO) continue;
    const length = drLength(dr7, n);
    cpu.breakpointPages.add(pageOf(debugStart(cpu, n, length)));
  }
  if (before !== 0 || cpu.breakpointPages.size !== 0) flushTranslations(cpu);
}

const touchesWatched = (cpu: Cpu, linear: number, size: number): boolean =>
  (cpu.watchedPages.size !== 0 || cpu.breakpointPages.size !== 0) &&
  (isWatched(cpu, linear) || isWatched(cpu, linear + size - 1));

/** What is done in parts is one access to whoever watches. Answers what `parts` does: false on a fault. */
export function asOneAccess(cpu: Cpu, linear: number, size: number, write: boolean, parts: () => boolean): boolean {
  if (cpu.inAccess || !touchesWatched(cpu, linear, size)) return parts();
  if (write) cpu.watchBefore?.(linear, size);
  cpu.inAccess = true;
  const done = parts();
  cpu.inAccess = false;
  if (done) noteAccess(cpu, linear, size, write);
  return done;
}

/** Reports a completed access to a watched page. */
function noteAccess(cpu: Cpu, linear: number, size: number, write: boolean): void {
  cpu.watchAccess?.(linear, size, write);
  if (cpu.breakpointPages.size === 0) return;
  const hits = matchData(cpu, linear, size, write);
  if (hits === 0) return;
  cpu.pendingDebug |= hits;
  cpu.i32[S_ATTN >> 2] = 1;
}

/** DR6 bits of every enabled breakpoint that the access touches; 0 unless one of them is really enabled. */
function matchData(cpu: Cpu, linear: number, size: number, write: boolean): number {
  const dr7 = cpu.dr7;
  let hits = 0;
  for (let n = 0; n < 4; n++) {
    const kind = drKind(dr7, n);
    if (!drEnabled(dr7, n) || (kind !== DR_READ_WRITE && !(write && kind === DR_WRITE))) continue;
    const length = drLength(dr7, n);
    const first = debugStart(cpu, n, length);
    if (linear < first + length && linear + size > first) hits |= 1 << n;
  }
  return hits;
}

/** What the engine has to know: some pages are watched, or registers lie in the middle of memory. */
export function updateWatched(cpu: Cpu): void {
  const special = cpu.watchedPages.size + cpu.breakpointPages.size > 0 || cpu.bus.registersInMemory === true;
  cpu.i32[F_WATCHED >> 2] = special ? 1 : 0;
}
