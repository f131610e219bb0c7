// Integer and system instructions that came after the Pentium (Intel SDM vol. 2, AMD APM vol. 3): bit counting, MOVBE,
// fences and cache control, FXSAVE, time-stamp, monitor, extended control registers, FS and GS bases.
// A processor without TZCNT or LZCNT executes BSF or BSR in their place: see `createDecoder`.
import type { Row } from '../types';
import { type Facts, row, spelledOut } from './row';

const COUNT = (cpu: string): Facts => ({ cpu, flags: { w: 'zc', u: 'ospa' } });
const MMX_FREE: Facts = { cpu: 'fxsr' };

const CLZERO = row('clzero', '', '0f 01 fc', { cpu: 'clzero', usesAddrSize: true });
const MONITOR: Facts = { cpu: 'monitor', cpl: 0 };

export const EXTENSIONS: readonly Row[] = [
  row('popcnt', 'rv, rmv', 'pf3 0f b8 /r', { cpu: 'popcnt', flags: { w: 'z', c: 'ospac' } }),
  row('tzcnt', 'rv, rmv', 'pf3 0f bc /r', COUNT('bmi1')),
  row('lzcnt', 'rv, rmv', 'pf3 0f bd /r', COUNT('lzcnt')),
  row('movbe', 'rv, mv', '0f 38 f0 /r', { cpu: 'movbe' }),
  row('movbe', 'mv, rv', '0f 38 f1 /r', { cpu: 'movbe' }),
  row('crc32', 'ry, rm8', 'pf2 0f 38 f0 /r', { cpu: 'sse4.2' }),
  row('crc32', 'ry, rmv', 'pf2 0f 38 f1 /r', { cpu: 'sse4.2' }),
  row('adcx', 'ry, rmy', 'p66 0f 38 f6 /r', { cpu: 'adx', flags: { r: 'c', w: 'c' } }),
  row('adox', 'ry, rmy', 'pf3 0f 38 f6 /r', { cpu: 'adx', flags: { r: 'o', w: 'o' } }),
  row('movnti', 'm32, r32', 'np o16 o32 0f c3 /r', { sem: 'mov', cpu: 'sse2' }),
  row('movnti', 'm64, r64', 'np o64 0f c3 /r', { sem: 'mov', cpu: 'sse2', modes: 'only64' }),

  row('fxsave', 'm512', 'np o16 o32 0f ae /0', MMX_FREE),
  row('fxsave64', 'm512', 'np o64 0f ae /0', { ...MMX_FREE, sem: 'fxsave', modes: 'only64' }),
  row('fxrstor', 'm512', 'np o16 o32 0f ae /1', MMX_FREE),
  row('fxrstor64', 'm512', 'np o64 0f ae /1', { ...MMX_FREE, sem: 'fxrstor', modes: 'only64' }),
  ...(
    [
      ['xsave', '0f ae', 4, 'xsave'],
      ['xrstor', '0f ae', 5, 'xsave'],
      ['xsaveopt', '0f ae', 6, 'xsaveopt'],
      ['xsavec', '0f c7', 4, 'xsavec'],
      ['xsaves', '0f c7', 5, 'xsaves'],
      ['xrstors', '0f c7', 3, 'xsaves'],
    ] as const
  ).flatMap(([mn, opcode, digit, cpu]) => {
    const facts: Facts = { cpu, sem: mn, ...(cpu === 'xsaves' ? { cpl: 0 as const } : {}) };
    return [
      row(mn, 'm512', `np o16 o32 ${opcode} /${digit}`, facts),
      row(`${mn}64`, 'm512', `np o64 ${opcode} /${digit}`, { ...facts, modes: 'only64' }),
    ];
  }),
  row('ldmxcsr', 'm32', 'np 0f ae /2', { cpu: 'sse' }),
  row('stmxcsr', 'm32', 'np 0f ae /3', { cpu: 'sse' }),
  row('clflush', 'm', 'np 0f ae /7', { sem: 'touch', cpu: 'clfsh' }),
  row('clflushopt', 'm', 'p66 0f ae /7', { sem: 'touch', cpu: 'clflushopt' }),
  row('clwb', 'm', 'p66 0f ae /6', { sem: 'touch', cpu: 'clwb' }),
  ...(['e8', 'f0', 'f8'] as const).flatMap((base, at) => {
    const mn = ['lfence', 'mfence', 'sfence'][at]!;
    const facts: Facts = { sem: 'nop', cpu: at === 2 ? 'sse' : 'sse2' };
    return [
      row(mn, '', `np 0f ae ${base}`, facts),
      ...Array.from({ length: 7 }, (_, i) =>
        row(mn, '', `np 0f ae ${(parseInt(base, 16) + i + 1).toString(16)}`, { ...facts, only: 'decode' }),
      ),
    ];
  }),
  ...(['rdfsbase', 'rdgsbase', 'wrfsbase', 'wrgsbase'] as const).map((mn, digit) =>
    row(mn, 'rmry', `pf3 0f ae /${digit}`, { cpu: 'fsgsbase', modes: 'only64' }),
  ),

  CLZERO,
  ...spelledOut(CLZERO, ''),
  row('rdtscp', '', '0f 01 f9', { cpu: 'rdtscp' }),
  row('swapgs', '', '0f 01 f8', { cpu: 'lm', modes: 'only64', cpl: 0 }),
  row('clac', '', 'np 0f 01 ca', { cpu: 'smap', cpl: 0, ends: true }),
  row('stac', '', 'np 0f 01 cb', { cpu: 'smap', cpl: 0, ends: true }),
  row('monitor', '', 'np 0f 01 c8', MONITOR),
  row('monitor', 'eax, ecx, edx', 'np 0f 01 c8', { ...MONITOR, modes: 'no64', only: 'asm' }),
  row('monitor', 'rax, ecx, edx', 'np 0f 01 c8', { ...MONITOR, modes: 'only64', only: 'asm' }),
  row('mwait', '', 'np 0f 01 c9', MONITOR),
  row('mwait', 'eax, ecx', 'np 0f 01 c9', { ...MONITOR, only: 'asm' }),
  row('xgetbv', '', 'np 0f 01 d0', { cpu: 'xsave' }),
  row('xsetbv', '', 'np 0f 01 d1', { cpu: 'xsave', cpl: 0 }),
  row('rdpid', 'rmr64', 'pf3 f64 0f c7 /7', { cpu: 'rdpid', modes: 'only64' }),
  row('rdpid', 'rmr32', 'pf3 0f c7 /7', { cpu: 'rdpid' }),
  row('rdrand', 'rmrv', '0f c7 /6', { cpu: 'rdrand', flags: { w: 'c', c: 'oszap' } }),
  row('rdseed', 'rmrv', '0f c7 /7', { cpu: 'rdseed', flags: { w: 'c', c: 'oszap' } }),
];

export const EXTENSIONS_DOCS: Readonly<Record<string, string>> = {
  popcnt: 'Counts the set bits of the source.',
  tzcnt: 'Counts the zero bits below the lowest set bit.',
  lzcnt: 'Counts the zero bits above the highest set bit.',
  movbe: 'Copies with the byte order reversed.',
  crc32: 'Accumulates the CRC-32C checksum of the source.',
  adcx: 'Adds with carry, changing CF only.',
  adox: 'Adds with OF as the carry, changing OF only.',
  movnti: 'Stores a register, bypassing the caches.',
  fxsave: 'Stores the x87, MMX and SSE state.',
  fxrstor: 'Loads the x87, MMX and SSE state.',
  ...Object.fromEntries(
    (
      [
        ['xsave', 'Stores the parts of the extended state that EDX:EAX and XCR0 select.'],
        ['xrstor', 'Loads the parts of the extended state that EDX:EAX and XCR0 select.'],
        ['xsaveopt', 'Stores the selected parts of the extended state that are in use.'],
        ['xsavec', 'Stores the selected parts of the extended state that are in use, in the compacted format.'],
        ['xsaves', 'Stores user and supervisor state in the compacted format.'],
        ['xrstors', 'Loads user and supervisor state in the compacted format.'],
      ] as const
    ).flatMap(([mn, text]) => [
      [mn, text],
      [`${mn}64`, text],
    ]),
  ),
  fxsave64: 'Stores the x87, MMX and SSE state with 64-bit pointers.',
  fxrstor64: 'Loads the x87, MMX and SSE state with 64-bit pointers.',
  ldmxcsr: 'Loads the SSE control and status register.',
  stmxcsr: 'Stores the SSE control and status register.',
  clflush: 'Flushes the cache line of the address.',
  clflushopt: 'Flushes the cache line of the address, weakly ordered.',
  clwb: 'Writes the cache line of the address back.',
  lfence: 'Orders loads.',
  mfence: 'Orders loads and stores.',
  sfence: 'Orders stores.',
  rdfsbase: 'Reads the base of FS.',
  rdgsbase: 'Reads the base of GS.',
  wrfsbase: 'Writes the base of FS.',
  wrgsbase: 'Writes the base of GS.',
  clzero: 'Clears the cache line of the address in the accumulator.',
  rdtscp: 'Reads the time-stamp counter into EDX:EAX and the processor number into ECX.',
  clac: 'Clears EFLAGS.AC: ring 0 to 2 cannot access pages of ring 3 while CR4.SMAP is set.',
  stac: 'Sets EFLAGS.AC: ring 0 to 2 can access pages of ring 3 although CR4.SMAP is set.',
  swapgs: 'Exchanges the base of GS with the KernelGSbase register.',
  monitor: 'Sets up an address range for MWAIT.',
  mwait: 'Waits for a write to the monitored range or an interrupt.',
  xgetbv: 'Reads an extended control register into EDX:EAX.',
  xsetbv: 'Writes EDX:EAX to an extended control register.',
  rdpid: 'Reads the processor number.',
  rdrand: 'Loads a random number; CF tells success.',
  rdseed: 'Loads a random seed; CF tells success.',
};
