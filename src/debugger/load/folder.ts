// What a folder boots: the program that its ringside.json names, else the file that looks like its boot sector.

import { bootFileOf, type Candidate } from '../../asm/bootFile';
import { isImageName, isIncludeName, isSourceName } from '../../asm/fileNames';
import { joinPath } from '../../base/paths';
import type { FileSystem } from './files';
import { fileMissing, folderWithoutProgram, projectFileBroken } from './loadError';

export const PROJECT_FILE = 'ringside.json';

const MOST_FILES = 300;
const DEPTH = 3;
const LARGEST_SOURCE = 1_000_000;
const SKIPPED = /^(\.|node_modules$|out$|dist$|build$|target$)/;

export interface Project {
  /** Absolute, or relative as the folder was. */
  program: string;
  /** Attributes of ringside.json besides `program`; they mean what they mean in a launch configuration. */
  attributes: Readonly<Record<string, unknown>>;
}

/** Rejects with LoadError when nothing can be found or ringside.json is not right. */
export async function projectOf(folder: string, files: FileSystem): Promise<Project> {
  const path = joinPath(folder, PROJECT_FILE);
  const bytes = await files.read(path);
  if (!bytes) return { program: await bootFileIn(folder, files), attributes: {} };
  const { program, ...attributes } = parse(path, bytes);
  if (program === undefined) return { program: await bootFileIn(folder, files), attributes };
  if (typeof program !== 'string') throw projectFileBroken(path, '"program" must be the name of a file.');
  const at = joinPath(folder, program);
  if (!(await files.stat(at))) throw fileMissing(at, 'program');
  return { program: at, attributes };
}

function parse(path: string, bytes: Uint8Array): Record<string, unknown> {
  const text = new TextDecoder().decode(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw projectFileBroken(path, `is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw projectFileBroken(path, 'must hold an object, such as { "program": "boot.asm" }.');
  return value as Record<string, unknown>;
}

async function bootFileIn(folder: string, files: FileSystem): Promise<string> {
  const best = bootFileOf(await candidates(folder, files));
  if (best === undefined) throw folderWithoutProgram(folder);
  return joinPath(folder, best);
}

async function candidates(folder: string, files: FileSystem): Promise<Candidate[]> {
  const found: Candidate[] = [];
  let level = [''];
  for (let depth = 0; depth < DEPTH && level.length > 0; depth++) {
    const next: string[] = [];
    for (const at of level) {
      for (const { name, kind } of (await files.list(joinPath(folder, at))) ?? []) {
        const path = at ? `${at}/${name}` : name;
        if (kind === 'folder') {
          if (!SKIPPED.test(name)) next.push(path);
        } else if (found.length < MOST_FILES && (isSourceName(name) || isImageName(name) || isIncludeName(name))) {
          const bytes = isImageName(name) ? undefined : await files.read(joinPath(folder, path));
          const text = bytes && bytes.length <= LARGEST_SOURCE ? new TextDecoder().decode(bytes) : undefined;
          found.push(text === undefined ? { path } : { path, text });
        }
      }
    }
    level = next;
  }
  return found;
}
