// Mistakes that keep a guest from starting: one named function each, a sentence that says what to do, and where it is.

import type { Diagnostic } from '../../asm/types';

export type { Diagnostic };

export class LoadError extends Error {
  constructor(
    message: string,
    /** What the assembler said, when it is about the source. */
    readonly diagnostics: readonly Diagnostic[] = [],
  ) {
    super(message);
    this.name = 'LoadError';
  }
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** `boot.asm:12:9: error: message`, with the macro stack on lines of its own. */
export function diagnosticText(d: Diagnostic): string {
  const stack = d.macroStack.map(({ macro, file, line }) => `\n  in macro \`${macro}\` at ${file}:${line}`).join('');
  return `${d.file}:${d.line}:${d.column}: ${d.severity}: ${d.message}${d.code ? ` [-w+${d.code}]` : ''}${stack}`;
}

export function sourceErrors(name: string, diagnostics: readonly Diagnostic[]): LoadError {
  const errors = diagnostics.filter((d) => d.severity === 'error');
  const first = errors[0] ? `\n${diagnosticText(errors[0])}` : '';
  const more = errors.length > 1 ? `\n(and ${count(errors.length - 1, 'more error')})` : '';
  return new LoadError(`${name} does not assemble: ${count(errors.length, 'error')}.${first}${more}`, diagnostics);
}

export const fileMissing = (path: string, what = 'file'): LoadError =>
  new LoadError(`The ${what} ${path} does not exist.`);

export const fileUnreadable = (path: string, why: string): LoadError => new LoadError(`${path} cannot be read: ${why}`);

export const folderWithoutProgram = (path: string): LoadError =>
  new LoadError(
    `${path} has nothing that looks like a program to boot: name a source or an image, ` +
      'or write its name into a ringside.json there, such as { "program": "boot.asm" }.',
  );

export const projectFileBroken = (path: string, why: string): LoadError => new LoadError(`${path}: ${why}`);

export const emptyImage = (name: string): LoadError => new LoadError(`${name} is empty: there is nothing to boot.`);

export const notBootable = (name: string, bytes: number, source: boolean): LoadError =>
  new LoadError(
    bytes < 512
      ? `${name} gives ${count(bytes, 'byte')}; a boot sector has 512, with 55 AA at its end.${source ? SIGNATURE_HELP : ''}`
      : `${name} has no boot signature: bytes 510 and 511 must be 55 AA, or the firmware does not boot it.` +
          (source ? SIGNATURE_HELP : ' Is it a boot sector, floppy or disk image?'),
  );
const SIGNATURE_HELP = ' End the first sector with `times 510 - ($ - $$) db 0` and `dw 0xaa55`.';

export const kindComesLater = (name: string, kind: string): LoadError =>
  new LoadError(
    `${name} is ${kind}; booting those comes in a later version. Now: .asm sources, boot sectors, floppy and disk images, Multiboot and ELF kernels.`,
  );

export const kernelUnfit = (name: string, why: string): LoadError => new LoadError(`${name} ${why}.`);

export const onlyForKernels = (name: string, what: string): LoadError =>
  new LoadError(`${name} is booted from a drive: ${what} can be given to a kernel only.`);

export const imageTooLarge = (name: string, bytes: number): LoadError =>
  new LoadError(`${name} has ${bytes} bytes: a floppy image has at most 2,949,120 (2.88 MB).`);

export const biosTooLarge = (name: string, bytes: number): LoadError =>
  new LoadError(`${name} has ${bytes} bytes: a firmware image has at most 262,144 (256 KB).`);

export const badProcessors = (problem: string): LoadError => new LoadError(`The number of processors ${problem}.`);
