// The editor's Debug Console opens when a person wants it to, but after the first stop.
import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { editor } from './support/fakeEditor';
import { openDebugConsole, postponeDebugConsole } from '../../src/extension/debugConsole';

const FOCUS = ['workbench.panel.repl.view.focus', { preserveFocus: true }];

describe('the Debug Console', () => {
  beforeEach(() => editor.reset());

  for (const [asked, inFirst, inSecond] of [
    [undefined, true, false],
    ['openOnFirstSessionStart', true, false],
    ['openOnSessionStart', true, true],
    ['neverOpen', false, false],
  ] as const) {
    const check = (configuration: vscode.DebugConfiguration) => {
      postponeDebugConsole(configuration, undefined);
      assert.equal(configuration.internalConsoleOptions, 'neverOpen', 'the editor is not to open it');
      postponeDebugConsole(configuration, undefined); // a restart launches what was changed before
      for (const [first, opens] of [[true, inFirst] as const, [false, inSecond] as const]) {
        editor.commands.length = 0;
        openDebugConsole(configuration, first);
        assert.deepEqual(editor.commands, opens ? [FOCUS] : []);
      }
    };
    const launch = { type: 'ringside', request: 'launch', name: 'Ringside' };

    it(`opens as the launch configuration says: ${asked ?? 'nothing'}`, () =>
      check({ ...launch, ...(asked && { internalConsoleOptions: asked }) }));

    it(`opens as the settings say: ${asked ?? 'nothing'}`, () => {
      if (asked) editor.settings.set('internalConsoleOptions', asked);
      check({ ...launch });
    });
  }

  it('stays closed for a session that was not launched by us', () => {
    openDebugConsole({ type: 'ringside', request: 'launch', name: 'Ringside' }, true);
    assert.deepEqual(editor.commands, []);
  });
});
