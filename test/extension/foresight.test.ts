// When a worker is started ahead: at what people do before they press F5, and at nothing else.
import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type * as vscode from 'vscode';
import { editor } from './support/fakeEditor';
import { foresight } from '../../src/extension/foresight';

const document = (path: string, languageId: string) =>
  ({ uri: { path, toString: () => `file://${path}` }, languageId }) as vscode.TextDocument;
const ASM = document('/p/boot.asm', 'ringside-asm');
const TEXT = document('/p/notes.txt', 'plaintext');
const shown = (doc: vscode.TextDocument) => ({ document: doc }) as vscode.TextEditor;
const session = (type: string) => ({ type }) as vscode.DebugSession;

describe('a worker for the next session', () => {
  let prepared: number;
  let watching: vscode.Disposable | undefined;
  const watch = (): void => void (watching = foresight({ prepare: () => prepared++ }));

  beforeEach(() => {
    editor.reset();
    prepared = 0;
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  afterEach(() => {
    watching?.dispose();
    mock.timers.reset();
    assert.ok(!editor.heard, 'a listener was left behind');
  });

  it('is started when an assembly file is open, or comes to the front', () => {
    editor.window.activeTextEditor = shown(ASM);
    watch();
    assert.equal(prepared, 1);
    editor.activeTextEditor.fire(shown(TEXT));
    editor.activeTextEditor.fire(undefined);
    assert.equal(prepared, 1);
    editor.activeTextEditor.fire(shown(document('/p/kernel.S', 'cpp')));
    assert.equal(prepared, 2, 'by its name');
  });

  it('is not started by the editors that a session of ours opens', () => {
    watch();
    editor.debug.activeDebugSession = session('ringside');
    editor.activeTextEditor.fire(shown(ASM));
    assert.equal(prepared, 0);
    editor.debug.activeDebugSession = session('node');
    editor.activeTextEditor.fire(shown(ASM));
    assert.equal(prepared, 1);
  });

  it('is started when a breakpoint is set in assembly, or such a file is saved', () => {
    watch();
    const change = (uri: vscode.Uri) => ({ added: [editor.sourceBreakpoint(uri)], changed: [], removed: [] });
    editor.breakpoints.fire(change(TEXT.uri));
    editor.breakpoints.fire({ added: [{} as vscode.Breakpoint], changed: [], removed: [] });
    editor.breakpoints.fire({ added: [], changed: [], removed: [editor.sourceBreakpoint(ASM.uri)] });
    assert.equal(prepared, 0);
    editor.breakpoints.fire(change(ASM.uri));
    assert.equal(prepared, 1);
    const odd = document('/p/code', 'nasm');
    editor.workspace.textDocuments = [odd];
    editor.breakpoints.fire(change(odd.uri));
    assert.equal(prepared, 2, 'by the language of the open document');
    editor.saved.fire(TEXT);
    editor.saved.fire(ASM);
    assert.equal(prepared, 3);
  });

  it('is started a while after the end of a session', () => {
    watch();
    editor.sessionEnded.fire(session('node'));
    editor.sessionEnded.fire(session('ringside'));
    assert.equal(prepared, 0, 'the end has work of its own');
    mock.timers.tick(10_000);
    assert.equal(prepared, 1);
  });
});
