// Temporary files for programs that want an image in a file; and where programs are.
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export function onPath(name: string): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      continue;
    }
  }
  return undefined;
}

/** A folder of its own with the image in it, removed by `remove`. */
export class Workspace {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'ringside-bench-'));
  readonly image = path.join(this.folder, 'guest.img');

  put(name: string, content: string | Uint8Array): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, content);
    return file;
  }
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
