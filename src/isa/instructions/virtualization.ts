// Virtualization (AMD APM vol. 2, "Secure Virtual Machine"; Intel SDM vol. 3, "VMX Instruction Reference"). No model announces
// either, so that all of them raise #UD there; the table has them for disassembly, assembly and the replay of vectors.
import type { Row } from '../types';
import { type Facts, row, spelledOut } from './row';

const SVM: Facts = { cpu: 'svm', cpl: 0, sem: 'svm' };
const SVM_ADDRESS: Facts = { ...SVM, usesAddrSize: true };
const STATUS = { w: 'zc', c: 'osap' };
const VMX: Facts = { cpu: 'vmx', sem: 'vmx' };
const VMX_ROOT: Facts = { ...VMX, cpl: 0, flags: STATUS };

const byMode = (mn: string, ops: (size: 32 | 64) => string, enc: string): Row[] => [
  row(mn, ops(32), enc, { ...VMX_ROOT, modes: 'no64' }),
  row(mn, ops(64), `f64 ${enc}`, { ...VMX_ROOT, modes: 'only64' }),
];

const INVLPGA = row('invlpga', '', '0f 01 df', SVM_ADDRESS);

export const VIRTUALIZATION: readonly Row[] = [
  row('vmrun', '', '0f 01 d8', { ...SVM_ADDRESS, flags: { r: 'oszapcdi' }, ends: true }),
  row('vmmcall', '', '0f 01 d9', { cpu: 'svm', sem: 'vmmcall', ends: true }),
  row('vmload', '', '0f 01 da', SVM_ADDRESS),
  row('vmsave', '', '0f 01 db', SVM_ADDRESS),
  row('stgi', '', '0f 01 dc', SVM),
  row('clgi', '', '0f 01 dd', SVM),
  row('skinit', '', '0f 01 de', { ...SVM, flags: { c: 'oszapcdi' }, ends: true }),
  INVLPGA,
  ...spelledOut(INVLPGA, ', ecx'),

  row('vmcall', '', 'np 0f 01 c1', { ...VMX, flags: STATUS, ends: true }),
  row('vmlaunch', '', 'np 0f 01 c2', { ...VMX_ROOT, ends: true }),
  row('vmresume', '', 'np 0f 01 c3', { ...VMX_ROOT, ends: true }),
  row('vmxoff', '', 'np 0f 01 c4', VMX_ROOT),
  row('vmfunc', '', 'np 0f 01 d4', { ...VMX, flags: { w: 'oszapc' } }),
  row('vmptrld', 'm64', 'np 0f c7 /6', VMX_ROOT),
  row('vmclear', 'm64', 'p66 0f c7 /6', VMX_ROOT),
  row('vmxon', 'm64', 'pf3 0f c7 /6', VMX_ROOT),
  row('vmptrst', 'm64', 'np 0f c7 /7', { ...VMX_ROOT, flags: { c: 'oszapc' } }),
  ...byMode('vmread', (size) => `rm${size}, r${size}`, 'np 0f 78 /r'),
  ...byMode('vmwrite', (size) => `r${size}, rm${size}`, 'np 0f 79 /r'),
  ...byMode('invept', (size) => `r${size}, m128`, 'p66 0f 38 80 /r'),
  ...byMode('invvpid', (size) => `r${size}, m128`, 'p66 0f 38 81 /r'),
];

export const VIRTUALIZATION_DOCS: Readonly<Record<string, string>> = {
  vmrun: 'Runs the guest that the control block at rAX describes (SVM).',
  vmmcall: 'Calls the hypervisor (SVM).',
  vmload: 'Loads further guest state from the control block at rAX (SVM).',
  vmsave: 'Stores further guest state into the control block at rAX (SVM).',
  stgi: 'Sets the global interrupt flag (SVM).',
  clgi: 'Clears the global interrupt flag (SVM).',
  skinit: 'Starts a measured secure loader (SVM).',
  invlpga: 'Drops the page at rAX of the address space ECX from the TLB (SVM).',
  vmcall: 'Calls the hypervisor (VMX).',
  vmlaunch: 'Starts the guest of the current control structure (VMX).',
  vmresume: 'Goes on with the guest of the current control structure (VMX).',
  vmxoff: 'Leaves VMX operation.',
  vmfunc: 'Calls the virtual machine function EAX (VMX).',
  vmptrld: 'Makes a control structure the current one (VMX).',
  vmclear: 'Writes a control structure back to memory (VMX).',
  vmxon: 'Enters VMX operation.',
  vmptrst: 'Stores the address of the current control structure (VMX).',
  vmread: 'Reads a field of the current control structure (VMX).',
  vmwrite: 'Writes a field of the current control structure (VMX).',
  invept: 'Drops translations that come from nested page tables (VMX).',
  invvpid: 'Drops translations by virtual processor identifier (VMX).',
};
