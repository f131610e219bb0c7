// Which documents count as assembly: our language, and those that other extensions contribute, so that both can be
// installed together. The list in package.json (`breakpoints`, `debuggers.languages`, menus) is the same; a test compares.
import type { TextDocument, Uri } from 'vscode';
import { isImageName, isIncludeName, isSourceName } from '../asm/fileNames';

export const LANGUAGE = 'ringside-asm';

/** Sources of GNU as; also NASM's in a .s file. */
export const GAS_LANGUAGE = 'ringside-gas';

export const ASSEMBLY_LANGUAGES: readonly string[] = [
  LANGUAGE,
  GAS_LANGUAGE,
  'asm',
  'asm-collection',
  'asm-intel-x86-generic',
  'asm-intel-x86-generic-nasm',
  'assembly',
  'assembly-x86',
  'fasm',
  'gas',
  'masm',
  'nasm',
  'tasm',
  'x86asm',
];

/** Those that the language server looks at; sources of other assemblers among them it recognises and leaves alone. */
export const SERVED_LANGUAGES: readonly string[] = ASSEMBLY_LANGUAGES.filter(
  (language) => !['fasm', 'gas', 'masm', 'tasm'].includes(language),
);

export { isImageName, isIncludeName, isSourceName };

export const isAssembly = (document: Pick<TextDocument, 'languageId'> & { uri: Uri }): boolean =>
  ASSEMBLY_LANGUAGES.includes(document.languageId) ||
  isSourceName(document.uri.path) ||
  isIncludeName(document.uri.path);
