// System instructions (Intel SDM vol. 3, "System Instruction Summary"; AMD APM vol. 3, "System Instruction Reference"),
// hint no-operations and the undefined instructions. FWCALL is Ringside's own: it enters a firmware service and exists
// only in the firmware ROM. LOADALL and the ICE instructions are deliberately absent.
import type { Row } from '../types';
import { type Facts, row } from './row';

const KERNEL: Facts = { cpl: 0 };
const KERNEL_ENDS: Facts = { cpl: 0, ends: true };
const SELECTOR: Facts = { cpu: '286', modes: 'pm' };
const CHECK: Facts = { ...SELECTOR, flags: { w: 'z' } };
const HINT: Facts = { sem: 'nop', cpu: '686', only: 'decode' };
const UNDEFINED: Facts = { sem: 'ud2', ends: true };

const moveSpecial = (kind: 'creg' | 'dreg', letter: string, from: string, to: string): Row[] =>
  (['no64', 'only64'] as const).flatMap((modes) => {
    const gpr = modes === 'no64' ? 'rmr32' : 'rmr64';
    const size = modes === 'no64' ? '' : 'f64 ';
    const flags = { u: 'oszapc' };
    return [
      row('mov', `${gpr}, ${kind}`, `${size}0f ${from} /r modany`, {
        ...KERNEL,
        sem: `mov_from_${letter}`,
        cpu: '386',
        modes,
        flags,
      }),
      row('mov', `${kind}, ${gpr}`, `${size}0f ${to} /r modany`, {
        ...KERNEL_ENDS,
        sem: `mov_to_${letter}`,
        cpu: '386',
        modes,
        flags,
      }),
    ];
  });

const TEST_REGISTER: Facts = { ...KERNEL_ENDS, cpu: '386', until: '486', modes: 'no64', flags: { u: 'oszapc' } };

export const SYSTEM: readonly Row[] = [
  ...moveSpecial('creg', 'cr', '20', '22'),
  ...moveSpecial('dreg', 'dr', '21', '23'),
  row('mov', 'rmr32, treg', '0f 24 /r modany', { ...TEST_REGISTER, sem: 'mov_from_tr' }),
  row('mov', 'treg, rmr32', '0f 26 /r modany', { ...TEST_REGISTER, sem: 'mov_to_tr' }),

  row('sldt', 'rmr64', '0f 00 /0', { ...SELECTOR, modes: 'only64', only: 'asm' }),
  row('sldt', 'rv/m16', '0f 00 /0', SELECTOR),
  row('str', 'rv/m16', '0f 00 /1', SELECTOR),
  row('lldt', 'rm16', '0f 00 /2', { ...SELECTOR, ...KERNEL_ENDS }),
  row('ltr', 'rm16', '0f 00 /3', { ...SELECTOR, ...KERNEL_ENDS }),
  row('verr', 'rm16', '0f 00 /4', CHECK),
  row('verw', 'rm16', '0f 00 /5', CHECK),
  row('sgdt', 'm16&z', '0f 01 /0', { cpu: '286', usesOpSize: true }),
  row('sidt', 'm16&z', '0f 01 /1', { cpu: '286', usesOpSize: true }),
  row('lgdt', 'm16&z', '0f 01 /2', { ...KERNEL_ENDS, cpu: '286', usesOpSize: true }),
  row('lidt', 'm16&z', '0f 01 /3', { ...KERNEL_ENDS, cpu: '286', usesOpSize: true }),
  row('smsw', 'rv/m16', '0f 01 /4', { cpu: '286' }),
  row('lmsw', 'rm16', '0f 01 /6', { ...KERNEL_ENDS, cpu: '286' }),
  row('invlpg', 'm', '0f 01 /7', { ...KERNEL_ENDS, cpu: '486' }),
  row('invpcid', 'r32, m128', 'p66 0f 38 82 /r', { ...KERNEL_ENDS, cpu: 'invpcid', modes: 'no64' }),
  row('invpcid', 'r64, m128', 'p66 o64 0f 38 82 /r', { ...KERNEL_ENDS, cpu: 'invpcid', modes: 'only64' }),
  row('invpcid', 'r64, m128', 'p66 o16 o32 0f 38 82 /r', {
    ...KERNEL_ENDS,
    cpu: 'invpcid',
    modes: 'only64',
    only: 'decode', // NASM writes REX.W, which changes nothing
  }),
  row('lar', 'rv, rm16', '0f 02 /r', CHECK),
  row('lsl', 'rv, rm16', '0f 03 /r', CHECK),
  ...['rmr32', 'rmr64'].flatMap((source) => [
    row('lar', `rv, ${source}`, '0f 02 /r', { ...CHECK, cpu: '386', only: 'asm' }),
    row('lsl', `rv, ${source}`, '0f 03 /r', { ...CHECK, cpu: '386', only: 'asm' }),
  ]),
  row('arpl', 'rm16, r16', '63 /r', { cpu: '286', modes: 'pm32', flags: { w: 'z' } }),
  row('clts', '', '0f 06', { ...KERNEL_ENDS, cpu: '286' }),
  row('invd', '', '0f 08', { ...KERNEL, cpu: '486' }),
  row('wbinvd', '', '0f 09', { ...KERNEL, cpu: '486' }),
  row('wrmsr', '', '0f 30', { ...KERNEL_ENDS, cpu: '586' }),
  row('rdtsc', '', '0f 31', { cpu: '586' }),
  row('rdmsr', '', '0f 32', { ...KERNEL, cpu: '586' }),
  row('rdpmc', '', '0f 33', { cpu: '686' }),
  row('cpuid', '', '0f a2', { cpu: '586' }),
  row('rsm', '', '0f aa', { cpu: '486', flags: { w: 'oszapctidnlrv' }, ends: true }),

  row('syscall', '', '0f 05', { cpu: 'syscall', flags: { r: 'oszapctidnlrv', w: 'oszapctidnlrv' }, ends: true }),
  row('sysret', '', '0f 07', { ...KERNEL_ENDS, cpu: 'syscall', flags: { w: 'oszapctidnlrv' }, usesOpSize: true }),
  row('sysenter', '', '0f 34', { cpu: 'sep', flags: { w: 'irv' }, ends: true }),
  row('sysexit', '', '0f 35', { ...KERNEL_ENDS, cpu: 'sep', usesOpSize: true }),

  row('hlt', '', 'f4', KERNEL_ENDS),
  row('nop', '', '90 nob'),
  row('pause', '', 'pf3 90 nob'),
  row('nop', 'rmv', '0f 1f /0', { sem: 'nop', cpu: '686' }),
  row('wait', '', '9b'),
  row('fwait', '', '9b', { sem: 'wait', only: 'asm' }),
  row('prefetchnta', 'm8', '0f 18 /0', { sem: 'nop', cpu: 'sse' }),
  row('prefetcht0', 'm8', '0f 18 /1', { sem: 'nop', cpu: 'sse' }),
  row('prefetcht1', 'm8', '0f 18 /2', { sem: 'nop', cpu: 'sse' }),
  row('prefetcht2', 'm8', '0f 18 /3', { sem: 'nop', cpu: 'sse' }),
  row('prefetch', 'm', '0f 0d /0', { sem: 'nop', cpu: 'prefetchw' }),
  row('prefetchw', 'm', '0f 0d /1', { sem: 'nop', cpu: 'prefetchw' }),
  ...['18', '19', '1a', '1b', '1c', '1d', '1e', '1f'].map((opcode) => row('nop', 'rmv', `0f ${opcode} /any`, HINT)),
  row('nop', 'rmv', '0f 0d /any', HINT),
  row('endbr64', '', 'pf3 0f 1e fa', { sem: 'nop', cpu: 'cet' }),
  row('endbr32', '', 'pf3 0f 1e fb', { sem: 'nop', cpu: 'cet' }),

  row('ud2', '', '0f 0b', { ...UNDEFINED, cpu: '286' }),
  row('ud2a', '', '0f 0b', { ...UNDEFINED, cpu: '286', only: 'asm' }),
  row('ud2b', '', '0f b9', { ...UNDEFINED, cpu: '286', only: 'asm' }),
  row('ud1', 'rv, rmv', '0f b9 /r', { ...UNDEFINED, cpu: '286' }),
  row('ud1', '', '0f b9', { ...UNDEFINED, cpu: '286', only: 'asm' }),
  row('ud0', 'rv, rmv', '0f ff /r', { ...UNDEFINED, cpu: '286' }),
  row('ud0', '', '0f ff', { ...UNDEFINED, cpu: '286', only: 'asm' }),
  row('fwcall', 'imm8u', '0f 3f ib', { cpu: 'ringside', ends: true }),
];

export const SYSTEM_DOCS: Readonly<Record<string, string>> = {
  sldt: 'Stores the selector of the local descriptor table.',
  str: 'Stores the selector of the task register.',
  lldt: 'Loads the local descriptor table register from a selector in the GDT.',
  ltr: 'Loads the task register from a selector in the GDT and marks the TSS busy.',
  verr: 'Sets ZF when the segment can be read from the current ring.',
  verw: 'Sets ZF when the segment can be written from the current ring.',
  sgdt: 'Stores limit and base of the global descriptor table.',
  sidt: 'Stores limit and base of the interrupt descriptor table.',
  lgdt: 'Loads limit and base of the global descriptor table.',
  lidt: 'Loads limit and base of the interrupt descriptor table.',
  smsw: 'Stores the machine status word, the low part of CR0.',
  lmsw: 'Loads the low four bits of CR0; cannot clear PE.',
  invlpg: 'Drops the page of the address from the TLB.',
  invpcid: 'Drops TLB entries by address and process-context identifier.',
  lar: 'Loads the access rights of a descriptor and sets ZF when it may be seen.',
  lsl: 'Loads the limit of a segment and sets ZF when it may be seen.',
  arpl: 'Raises the RPL of a selector to that of the source and sets ZF when it changed.',
  clts: 'Clears the task-switched flag CR0.TS.',
  invd: 'Invalidates the caches without writing them back.',
  wbinvd: 'Writes the caches back and invalidates them.',
  wrmsr: 'Writes EDX:EAX to the model-specific register ECX.',
  rdtsc: 'Reads the time-stamp counter into EDX:EAX.',
  rdmsr: 'Reads the model-specific register ECX into EDX:EAX.',
  rdpmc: 'Reads the performance counter ECX into EDX:EAX.',
  cpuid: 'Returns processor identification and features for leaf EAX.',
  rsm: 'Returns from system management mode.',
  syscall: 'Fast system call: enters ring 0 at the address in the STAR or LSTAR register.',
  sysret: 'Returns from SYSCALL to ring 3.',
  sysenter: 'Fast system call: enters ring 0 as the SYSENTER registers say.',
  sysexit: 'Returns from SYSENTER to ring 3.',
  hlt: 'Halts the processor until an interrupt.',
  nop: 'Does nothing.',
  pause: 'Does nothing; tells the processor that this is a spin loop.',
  wait: 'Waits for the x87 and raises its pending exceptions.',
  fwait: 'Waits for the x87 and raises its pending exceptions.',
  prefetchnta: 'Hint: the data will be used once soon.',
  prefetcht0: 'Hint: fetch the data into all cache levels.',
  prefetcht1: 'Hint: fetch the data into the second cache level.',
  prefetcht2: 'Hint: fetch the data into the third cache level.',
  prefetch: 'Hint: the data will be read soon.',
  prefetchw: 'Hint: the data will be written soon.',
  endbr64: 'Marks a valid target of indirect branches in 64-bit code.',
  endbr32: 'Marks a valid target of indirect branches in 32-bit code.',
  ud2: 'Raises #UD on purpose.',
  ud2a: 'Raises #UD on purpose.',
  ud2b: 'Raises #UD on purpose.',
  ud1: 'Raises #UD on purpose.',
  ud0: 'Raises #UD on purpose.',
  fwcall: "Ringside's firmware call: runs the built-in service of that number; #UD outside the firmware ROM.",
};
