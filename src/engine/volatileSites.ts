// Instructions whose bytes are rewritten again and again. Counts how often each byte of code was overwritten; from the third
// time on its instruction is decoded as a site: a block of one instruction that compares its bytes at every execution and knows
// the decodings that stood there (volatileLayout.ts). A site that has been quiet for long is ordinary code again.
import type { Cpu } from '../cpu/cpu';
import * as L from '../cpu/layout';
import type { Decode } from '../isa/decode';
import type { Insn } from '../isa/types';
import { endsForGood, type Block, type Site } from './block';
import type { BlockContext } from './codeContext';
import { STRING_SEMS } from './form';
import { LiveFields, type LiveField } from './liveFields';
import * as R from './record';
import { writeRecord } from './recordWriter';
import * as V from './volatileLayout';

/** What sites need of the cache that they are in. */
export interface SiteOwner {
  allocate(count: number): number;
  /** A record is at that address, of an instruction of this block. */
  own(record: number, block: Block, insn: Insn): void;
  link(context: BlockContext, record: number, fromIp: number, field: number, target: number): void;
  /** A record that goes to `next`, which is behind the end of the block. */
  close(block: Block, record: number, next: number): void;
  /** No block is at this place any more. */
  retire(site: Block): void;
  stopsAt(linear: number, physical: number): boolean;
}

const MANY = 3;
const MOST_VERSIONS = 32;
const LONGEST = 15;
const NUMBERS = {
  shift3: (v: number) => v >>> 3,
  xor: (a: number, b: number) => a ^ b,
  add: (a: number, b: number) => a + b,
};

export class VolatileSites {
  /** By physical page: how often each byte of code was overwritten. */
  private readonly overwritten = new Map<number, Uint8Array>();
  /** By physical address. */
  private readonly sites = new Map<number, Block[]>();
  private readonly liveFields: LiveFields;
  private scratch = 0;

  constructor(
    private readonly cpu: Cpu,
    decode: Decode,
    private readonly ramBytes: number,
    private readonly owner: SiteOwner,
  ) {
    this.liveFields = new LiveFields(cpu, decode, () => (this.scratch ||= owner.allocate(1)));
  }

  clear(): void {
    this.overwritten.clear();
    this.sites.clear();
    this.liveFields.forget();
    this.scratch = 0;
  }

  /** A byte with decoded code was overwritten. */
  note(physical: number): void {
    const page = physical >>> 12;
    let counts = this.overwritten.get(page);
    if (!counts) this.overwritten.set(page, (counts = new Uint8Array(0x1000)));
    const at = physical & 0xfff;
    if (counts[at] < MANY) counts[at]++;
  }

  /** Whether an instruction there, all in one page of RAM, is to be decoded as a site. */
  isVolatile(physical: number, length: number): boolean {
    const counts = this.overwritten.get(physical >>> 12);
    if (counts === undefined || physical + V.CODE_REACH > this.ramBytes) return false;
    const at = physical & 0xfff;
    for (let i = at; i < at + length; i++) if (counts[i] >= MANY) return true;
    return false;
  }

  /** The site at this place, with a version for `insn`, which is there now. */
  add(context: BlockContext, ip: number, linear: number, physical: number, insn: Insn): Block {
    let list = this.sites.get(physical);
    if (!list) this.sites.set(physical, (list = []));
    let block = list.find((b) => b.context === context && b.linear === linear);
    if (!block) list.push((block = this.create(context, ip, linear, physical)));
    block.dead = false;
    this.arm(block);
    if (!this.select(block)) {
      this.addVersion(block, insn);
      this.select(block);
    }
    return block;
  }
  private create(context: BlockContext, ip: number, linear: number, physical: number): Block {
    const room = V.SITE_BYTES / R.RECORD_BYTES;
    const record = this.owner.allocate(room);
    const site: Site = { versions: [], oldest: 0 };
    const parts = { insns: [], unused: [], room, saved: 0, stale: false, site };
    return { ...parts, context, ip, linear, physical, physical2: -1, bytes: 1, record, dead: false };
  }
  /** Writes the record of a site; to be repeated when a breakpoint comes or goes. */
  arm(block: Block): void {
    const { u8, u16, u32, i32 } = this.cpu;
    const r = block.record;
    u16[(r + R.R_HANDLER) >> 1] = this.owner.stopsAt(block.linear, block.physical) ? R.H_BREAK : R.H_VOLATILE;
    u16[(r + R.R_ORIGINAL) >> 1] = R.H_VOLATILE;
    u8[r + R.R_LEFT] = 1;
    u32[(r + R.R_IP) >> 2] = block.ip;
    i32[(r + V.SITE_HOST) >> 2] = L.RAM_BASE + block.physical;
    i32[(r + V.SITE_COUNT) >> 2] = 0;
  }

  /** Whether the site has a version for the bytes that are there now; if so, it is the current one. */
  ready(block: Block): boolean {
    if (this.cpu.i32[(block.record + V.SITE_COUNT) >> 2] > V.QUIET_EXECUTIONS) {
      this.calm(block);
      return false;
    }
    return this.select(block);
  }
  private select(block: Block): boolean {
    const { cpu } = this;
    const { record } = block;
    const host = L.RAM_BASE + block.physical;
    const version = block.site!.versions.find(({ at }) => this.fits(at, host));
    if (!version) return false;
    cpu.i32[(record + V.SITE_VERSION) >> 2] = version.at;
    cpu.i32[this.hintOf(record, host) >> 2] = version.at;
    for (let i = 0; i < 16; i++) {
      if (cpu.u8[record + V.SITE_LAST + i] === cpu.u8[host + i]) continue;
      cpu.u8[record + V.SITE_LAST + i] = cpu.u8[host + i];
      cpu.i32[(record + V.SITE_COUNT) >> 2] = 0;
    }
    for (const live of V.VERSION_LIVE) this.refresh(version.at, live, host);
    return true;
  }
  private hintOf(record: number, host: number): number {
    const { u8 } = this.cpu;
    const hint = V.hintOf(u8[host], u8[host + 1], NUMBERS);
    return record + V.SITE_HINTS + 4 * (hint & (V.HINTS - 1));
  }
  private fits(version: number, host: number): boolean {
    const { u8 } = this.cpu;
    for (let i = 0; i < 16; i++) {
      if (((u8[version + V.VERSION_CODE + i] ^ u8[host + i]) & u8[version + V.VERSION_MASK + i]) !== 0) return false;
    }
    return true;
  }
  private refresh(version: number, live: number, host: number): void {
    const { view, i32 } = this.cpu;
    const what = i32[(version + live) >> 2];
    if (what === 0) return;
    const unused = BigInt((what >>> 8) & 0xff);
    const encoded = view.getBigInt64(host + (what & 0xff), true);
    const value = Number(BigInt.asIntN(64, encoded << unused) >> unused);
    i32[(version + (what >>> 16)) >> 2] = value & i32[(version + live + V.LIVE_MASK) >> 2];
  }
  /** The record that `ready` chose. */
  recordOf(block: Block): number {
    return this.cpu.i32[(block.record + V.SITE_VERSION) >> 2] + V.VERSION_RECORD;
  }

  private addVersion(block: Block, insn: Insn): void {
    const { cpu, owner } = this;
    const { context, ip } = block;
    const at = this.place(block.site!, insn);
    if (block.site!.versions.length === 1) {
      const hints = (block.record + V.SITE_HINTS) >> 2;
      cpu.i32.fill(at, hints, hints + V.HINTS);
    }
    const host = L.RAM_BASE + block.physical;
    const code = cpu.u8.slice(host, host + 16);
    cpu.u8.set(code, at + V.VERSION_CODE);
    // what makes an encoding invalid may be behind what the decoder says is its end
    cpu.u8.fill(0xff, at + V.VERSION_MASK, at + V.VERSION_MASK + (insn.row ? insn.len : LONGEST));
    const record = at + V.VERSION_RECORD;
    owner.own(record, block, insn);
    writeRecord(cpu, record, insn, ip, context, false, (field, target) =>
      owner.link(context, record, ip, field, target),
    );
    cpu.u8[record + R.R_LEFT] = 1;
    // a repeated instruction that overwrote itself starts again as what it is then
    if (insn.rep !== 0 && STRING_SEMS.has(insn.row?.sem ?? '')) cpu.u32[(record + R.R_LINK0) >> 2] = block.record;
    if (!endsForGood(insn)) owner.close(block, record + R.RECORD_BYTES, ip + insn.len);
    this.liveFields.of(insn, code, context).forEach((live, i) => this.setLive(at, V.VERSION_LIVE[i], live));
  }
  /** Room for another version, in the ring. */
  private place(site: Site, insn: Insn): number {
    const { u8, i32 } = this.cpu;
    const { versions } = site;
    if (versions.length >= MOST_VERSIONS) {
      const version = versions[site.oldest++ % MOST_VERSIONS];
      version.insn = insn;
      u8.fill(0, version.at, version.at + V.VERSION_NEXT);
      u8.fill(0, version.at + V.VERSION_LIVE[0], version.at + V.VERSION_BYTES);
      return version.at;
    }
    const at = this.owner.allocate(V.VERSION_BYTES / R.RECORD_BYTES);
    versions.push({ at, insn });
    versions.forEach((version, i) => {
      i32[(version.at + V.VERSION_NEXT) >> 2] = versions[(i + 1) % versions.length].at;
    });
    return at;
  }
  private setLive(version: number, slot: number, { offset, bytes, field, mask }: LiveField): void {
    const { u8, u16, i32 } = this.cpu;
    u8.fill(0, version + V.VERSION_MASK + offset, version + V.VERSION_MASK + offset + bytes);
    u8[version + slot] = offset;
    u8[version + slot + 1] = 64 - 8 * bytes;
    u16[(version + slot + 2) >> 1] = V.VERSION_RECORD + field;
    i32[(version + slot + V.LIVE_MASK) >> 2] = mask;
  }

  /** The code at a site and at the sites beside it has not changed for long. */
  private calm(block: Block): void {
    const quiet = [block];
    for (let next = this.behind(block); next && !quiet.includes(next); next = this.behind(next)) quiet.push(next);
    for (let next = this.before(block); next && !quiet.includes(next); next = this.before(next)) quiet.push(next);
    for (const site of quiet) {
      const counts = this.overwritten.get(site.physical >>> 12);
      const at = site.physical & 0xfff;
      // once more, and it is a site again
      for (let i = at; counts && i < at + this.lengthOf(site); i++) if (counts[i] >= MANY) counts[i] = MANY - 1;
      this.owner.retire(site);
    }
  }
  private lengthOf(block: Block): number {
    return this.cpu.u8[this.recordOf(block) + R.R_LENGTH];
  }
  private behind(block: Block): Block | undefined {
    return this.quietAt(block.physical + this.lengthOf(block), block);
  }
  private before(block: Block): Block | undefined {
    for (let length = 1; length <= LONGEST; length++) {
      const site = this.quietAt(block.physical - length, block);
      if (site && this.lengthOf(site) === length) return site;
    }
    return undefined;
  }
  private quietAt(physical: number, { context }: Block): Block | undefined {
    return this.sites
      .get(physical)
      ?.find(
        (b) =>
          !b.dead && b.context === context && this.cpu.i32[(b.record + V.SITE_COUNT) >> 2] > V.QUIET_EXECUTIONS / 2,
      );
  }
}
