// Instructions that no model announces, so that all of them raise #UD: transactional memory (RTM), user-level waiting (WAITPKG), direct
// stores, guests with encrypted state (SEV-SNP), VIA's PadLock, AMD's 3DNow! (Intel SDM vol. 2; AMD APM vol. 3; "VIA PadLock
// Programming Guide"; AMD "3DNow! Technology Manual"), and what later processors dropped. The table has them for disassembly and
// assembly.
import type { Row } from '../types';
import { type Facts, row } from './row';
import { each } from './vectorRows';

const RTM = { cpu: 'rtm' };
const PADLOCK: Facts = { cpu: 'padlock', usesAddrSize: true };
const TRANSACTION_TEST: Facts = { ...RTM, flags: { w: 'z', c: 'osapc' } };
const WAIT: Facts = { cpu: 'waitpkg', flags: { w: 'c', c: 'oszap' } };
const NESTED: Facts = { cpu: 'sevsnp', cpl: 0, usesAddrSize: true, flags: { w: 'oszap' } };

/** Names the register that holds an address: its size is the address size. */
const byAddress = (mn: string, ops: (register: string) => string, enc: string, facts: Facts): Row[] =>
  ([16, 32, 64] as const).map((size) =>
    row(mn, ops(`r${size}`), `a${size} ${enc}`, {
      ...facts,
      ...(size === 16 ? { modes: 'no64' as const } : size === 64 ? { modes: 'only64' as const } : {}),
    }),
  );

const wait = (mn: string, prefix: string): Row[] => [
  row(mn, 'rmr32', `${prefix} 0f ae /6`, WAIT),
  row(mn, 'rmr32, edx, eax', `${prefix} 0f ae /6`, { ...WAIT, only: 'asm' }),
];

/** With a repeat count; NASM writes REP when the source does not. */
const padlock = (mn: string, enc: string): Row => row(mn, '', `pf3 0f ${enc}`, { ...PADLOCK, rep: 'rep' });

export const ABSENT: readonly Row[] = [
  row('xbegin', 'relz', 'd64 c7 f8 rz', { ...RTM, ends: true }),
  row('xabort', 'imm8u', 'c6 f8 ib', RTM),
  row('xend', '', 'np 0f 01 d5', RTM),
  row('xtest', '', 'np 0f 01 d6', TRANSACTION_TEST),

  ...byAddress('umonitor', (register) => `rm${register}`, 'pf3 0f ae /6', { cpu: 'waitpkg' }),
  ...wait('umwait', 'pf2'),
  ...wait('tpause', 'p66'),

  row('movdiri', 'm32, r32', 'np o16 o32 0f 38 f9 /r', { cpu: 'movdiri' }),
  row('movdiri', 'm64, r64', 'np o64 0f 38 f9 /r', { cpu: 'movdiri', modes: 'only64' }),
  ...byAddress('movdir64b', (register) => `${register}, m512`, 'p66 0f 38 f8 /r', { cpu: 'movdir64b' }),

  row('pvalidate', '', 'pf2 0f 01 ff', { ...NESTED, flags: { w: 'oszapc' } }),
  row('rmpadjust', '', 'pf3 0f 01 fe', { ...NESTED, modes: 'only64' }),

  row('xstore', '', '0f a7 c0', { ...PADLOCK, rep: 'rep' }),
  padlock('xcryptecb', 'a7 c8'),
  padlock('xcryptcbc', 'a7 d0'),
  padlock('xcryptctr', 'a7 d8'),
  padlock('xcryptcfb', 'a7 e0'),
  padlock('xcryptofb', 'a7 e8'),
  padlock('montmul', 'a6 c0'),
  padlock('xsha1', 'a6 c8'),
  padlock('xsha256', 'a6 d0'),

  row('femms', '', '0f 0e', { cpu: '3dnow' }),
  ...each(
    'pi2fd 0d, pf2id 1d, pfcmpge 90, pfmin 94, pfrcp 96, pfrsqrt 97, pfsub 9a, pfadd 9e, pfcmpgt a0, pfmax a4, pfrcpit1 a6,' +
      'pfrsqit1 a7, pfsubr aa, pfacc ae, pfcmpeq b0, pfmul b4, pfrcpit2 b6, pmulhrwa b7, pavgusb bf',
    (mn, suffix) => [row(mn, 'mm, mmrm', `0f 0f /r =${suffix}`, { cpu: '3dnow' })],
  ),
  ...each('pi2fw 0c, pf2iw 1c, pfnacc 8a, pfpnacc 8e, pswapd bb', (mn, suffix) => [
    row(mn, 'mm, mmrm', `0f 0f /r =${suffix}`, { cpu: '3dnowext' }),
  ]),

  row('pcommit', '', 'p66 0f ae f8', { cpu: 'pcommit' }),
  row('pop', 'cs', '0f', { until: '86', modes: 'no64', sem: 'pop_cs', only: 'asm' }),
];

export const ABSENT_DOCS: Readonly<Record<string, string>> = {
  xbegin: 'Starts a transaction; when it aborts, execution goes on at the target.',
  xabort: 'Aborts the transaction with a code.',
  xend: 'Commits the transaction.',
  xtest: 'Clears ZF inside a transaction, sets it outside.',
  umonitor: 'Sets up an address range for UMWAIT.',
  umwait: 'Waits for a write to the monitored range or until the time-stamp counter reaches EDX:EAX.',
  tpause: 'Waits until the time-stamp counter reaches EDX:EAX.',
  movdiri: 'Stores a register, bypassing the caches.',
  movdir64b: 'Copies 64 bytes to the address in the register, bypassing the caches.',
  pvalidate: 'Changes whether a page of an encrypted guest is validated.',
  rmpadjust: 'Changes the permissions of a page for lower privilege levels of an encrypted guest.',
  xstore: 'Stores random numbers at ES:(E)DI.',
  xcryptecb: 'Encrypts or decrypts blocks with AES, each by itself.',
  xcryptcbc: 'Encrypts or decrypts blocks with AES, chained.',
  xcryptctr: 'Encrypts or decrypts blocks with AES in counter mode.',
  xcryptcfb: 'Encrypts or decrypts blocks with AES in cipher feedback mode.',
  xcryptofb: 'Encrypts or decrypts blocks with AES in output feedback mode.',
  montmul: 'Multiplies large numbers by the method of Montgomery.',
  xsha1: 'Adds blocks to a SHA-1 hash.',
  xsha256: 'Adds blocks to a SHA-256 hash.',
  femms: 'Leaves 3DNow!: marks all x87 registers as empty.',
  pi2fd: 'Converts packed doublewords to single precision numbers.',
  pi2fw: 'Converts the low words of both halves to single precision numbers.',
  pf2id: 'Converts packed single precision numbers to doublewords, truncating.',
  pf2iw: 'Converts packed single precision numbers to words, sign-extended.',
  pfadd: 'Adds packed single precision numbers.',
  pfsub: 'Subtracts packed single precision numbers.',
  pfsubr: 'Subtracts packed single precision numbers, operands exchanged.',
  pfmul: 'Multiplies packed single precision numbers.',
  pfacc: 'Adds the halves of each operand.',
  pfnacc: 'Subtracts the halves of each operand.',
  pfpnacc: 'Subtracts the halves of the destination and adds those of the source.',
  pfmin: 'Minimum of packed single precision numbers.',
  pfmax: 'Maximum of packed single precision numbers.',
  pfcmpeq: 'Compares packed single precision numbers: all ones where they are equal.',
  pfcmpge: 'Compares packed single precision numbers: all ones where the destination is not less.',
  pfcmpgt: 'Compares packed single precision numbers: all ones where the destination is greater.',
  pfrcp: 'Approximates the reciprocal of a single precision number.',
  pfrcpit1: 'First step that refines a reciprocal.',
  pfrcpit2: 'Last step that refines a reciprocal or a reciprocal square root.',
  pfrsqrt: 'Approximates the reciprocal square root of a single precision number.',
  pfrsqit1: 'First step that refines a reciprocal square root.',
  pmulhrwa: 'Multiplies packed signed words and keeps the rounded high halves of the products.',
  pavgusb: 'Averages packed unsigned bytes, rounded up.',
  pswapd: 'Exchanges the halves of a quadword.',
  pcommit: 'Makes stores to persistent memory durable; no processor was ever sold with it.',
};
