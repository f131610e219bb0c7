// Which documents count as assembly: our language, and those that other extensions contribute, so that both can be
// installed together. The list in package.json (`breakpoints`, `debuggers.languages`, menus) is the same; a test compares.
import type { TextDocument, Uri } from 'vscode';

export const LANGUAGE = 'ringside-asm';

export const ASSEMBLY_LANGUAGES: readonly string[] = [
  LANGUAGE,
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

const SOURCE = /\.(asm|nasm|s)$/i;
const INCLUDE = /\.(inc|mac)$/i;
const IMAGE = /\.(img|ima|bin|flp|vfd|dsk|raw|hdd)$/i;

export const isSourceName = (path: string): boolean => SOURCE.test(path);
export const isIncludeName = (path: string): boolean => INCLUDE.test(path);
export const isImageName = (path: string): boolean => IMAGE.test(path);

export const isAssembly = (document: Pick<TextDocument, 'languageId'> & { uri: Uri }): boolean =>
  ASSEMBLY_LANGUAGES.includes(document.languageId) ||
  isSourceName(document.uri.path) ||
  isIncludeName(document.uri.path);
