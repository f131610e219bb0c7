// Ties an editor to a mocha suite whose tests are the steps of one journey: started before, stopped after, a screenshot
// at every failure, and no further steps after one has failed.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { ROOT } from '../../../scripts/lib/root.mjs';
import { startEditor, type Editor, type EditorOptions, type Host } from './editor';

/** The editors that a journey runs in; RINGSIDE_HOSTS=node,web,desktop chooses others. */
export const HOSTS = (process.env.RINGSIDE_HOSTS ?? 'node,web').split(',').map((name): Host => {
  if (name === 'node' || name === 'web' || name === 'desktop') return name;
  throw new Error(`RINGSIDE_HOSTS: ${name} is none of node, web, desktop`);
});

/** Folder for the screenshots and logs of a suite. */
export const screensOf = (name: string): string => path.join(ROOT, 'out/screens', name);

/** Writes the address and the beginning of the document of every frame, to see what a blank webview holds. */
const dumpFrames = async (page: Page, file: string): Promise<void> => {
  const limit = new Promise<string>((resolve) => setTimeout(() => resolve('no answer'), 2000));
  const documents = page
    .frames()
    .map(
      async (frame) => `${frame.url()}\n${(await Promise.race([frame.content().catch(String), limit])).slice(0, 3000)}`,
    );
  writeFileSync(file, (await Promise.all(documents)).join('\n\n'));
};

/** Call inside `describe`. The result's `current` is the editor, from the first test on. */
export const useEditor = (name: string, options: Omit<EditorOptions, 'screens'>): { readonly current: Editor } => {
  let editor: Editor | undefined;
  let failed = false;
  before(async function () {
    this.timeout(180_000);
    editor = await startEditor({ ...options, screens: screensOf(name) });
  });
  beforeEach(() => {
    if (failed) throw new Error('not run: an earlier step of this journey failed');
  });
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    failed = true;
    await editor?.workbench.screenshot(`FAILED-${this.currentTest.title}`);
    if (editor) await dumpFrames(editor.page, path.join(screensOf(name), 'FAILED-frames.txt'));
  });
  after(async function () {
    this.timeout(30_000);
    await editor?.stop();
  });
  return {
    get current() {
      if (!editor) throw new Error('the editor has not started yet');
      return editor;
    },
  };
};
