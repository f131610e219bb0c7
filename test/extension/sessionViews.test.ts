// When the views open and which session they show: after the editor has drawn the first stop, and never for a program that
// does not start.
import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type * as vscode from 'vscode';
import { editor } from './support/fakeEditor';
import { Emitter } from '../../src/base/events';
import type { StateBody } from '../../src/dap/customTypes';
import { postponeDebugConsole } from '../../src/extension/debugConsole';
import type { Session } from '../../src/extension/session';
import { SessionViews } from '../../src/extension/sessionViews';

type Views = ConstructorParameters<typeof SessionViews>[0];

/** Views that note what they are told; `opened` says what came up. */
const stage = (stored: Record<string, unknown> = {}) => {
  const told: string[] = [];
  const note = (name: string) => () => void told.push(name);
  const rings = { show: note('rings show'), update: note('rings update'), end: note('rings end') };
  const screen = { show: note('screen show'), update: note('screen update'), end: note('screen end') };
  const views = {
    rings: { ...rings, freeze: async () => note('rings freeze')() },
    screen: { ...screen, freeze: async () => note('screen freeze')(), open: note('screen open') },
    serial: { receive: note('serial'), end: note('serial end') },
    status: { update: note('status update'), hide: note('status hide') },
    diagnostics: {},
  } as unknown as Views;
  const memory = {
    get: (key: string) => stored[key],
    update: async (key: string, value: unknown) => void (stored[key] = value),
  } as unknown as vscode.Memento;
  const sessions = new SessionViews(views, memory);
  const focused = () => editor.commands.some(([command]) => command === 'ringside.rings.focus');
  const opened = () => [...told.filter((each) => each === 'screen open'), ...(focused() ? ['rings focus'] : [])];
  return { sessions, told, opened };
};

/** A session as the views see it. */
const session = (id: string) => {
  const repeated: string[] = [];
  const states = new Emitter<StateBody>();
  const ended = new Emitter<void>();
  const disposed = new Emitter<void>();
  const configuration: vscode.DebugConfiguration = { type: 'ringside', request: 'launch', name: id };
  postponeDebugConsole(configuration, undefined);
  const debugSession = { id, type: 'ringside', name: id, configuration } as vscode.DebugSession;
  const made = {
    id,
    debugSession,
    states,
    serial: new Emitter(),
    diagnostics: new Emitter(),
    ended,
    state: undefined as StateBody | undefined,
    focus: () => undefined,
    adapter: {
      disposed,
      repeatStop: () => repeated.push(id),
      beforeEnd: undefined as (() => Promise<unknown>) | undefined,
    },
  };
  return {
    made: made as unknown as Session,
    keep: () => made.adapter.beforeEnd!(),
    repeated,
    says: (running: boolean) => {
      made.state = { running } as StateBody;
      states.fire(made.state);
    },
    chosen: () => editor.activeStackItem.fire({ session: debugSession, threadId: 1 } as vscode.DebugStackFrame),
    end: () => editor.sessionEnded.fire(debugSession),
  };
};

describe('the views of a session', () => {
  beforeEach(() => {
    editor.reset();
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  afterEach(() => mock.timers.reset());

  it('open a moment after the editor has chosen the frame of the first stop', () => {
    const { sessions, told, opened } = stage();
    const one = session('one');
    sessions.start(one.made);
    mock.timers.tick(10_000);
    assert.deepEqual(opened(), [], 'nothing was heard of the guest');
    one.says(true);
    one.says(false);
    mock.timers.tick(1500);
    assert.deepEqual(opened(), [], 'the editor is still busy with the stop');
    one.chosen();
    mock.timers.tick(399);
    assert.deepEqual(opened(), []);
    assert.ok(
      !told.includes('rings update') && !told.includes('screen update'),
      'views that are open follow too early',
    );
    mock.timers.tick(1);
    assert.deepEqual(opened(), ['screen open', 'rings focus']);
    assert.ok(told.includes('rings update') && told.includes('screen update'));
    one.chosen();
    one.says(true);
    one.says(false);
    mock.timers.tick(10_000);
    assert.deepEqual(opened(), ['screen open', 'rings focus'], 'once');
    sessions.dispose();
    assert.ok(!editor.heard, 'a listener was left behind');
  });

  it('open without the editor’s choice in the end, and for a guest that only runs', () => {
    for (const states of [[true, false], [true]]) {
      editor.reset();
      const { sessions, opened } = stage();
      const one = session('one');
      sessions.start(one.made);
      for (const running of states) one.says(running);
      mock.timers.tick(2000);
      assert.deepEqual(opened(), ['screen open', 'rings focus']);
      sessions.dispose();
    }
  });

  it('do not open for a session that is over', () => {
    const { sessions, opened } = stage();
    const one = session('one');
    sessions.start(one.made);
    one.says(true);
    one.end();
    mock.timers.tick(10_000);
    assert.deepEqual(opened(), []);
    sessions.dispose();
  });

  it('bring the ring view up once in its life; the console opens and the stop is repeated once a window', () => {
    const stored = {};
    const first = stage(stored);
    const [one, two] = [session('one'), session('two')];
    for (const each of [one, two]) {
      first.sessions.start(each.made);
      each.says(false);
      mock.timers.tick(2000);
      each.end();
    }
    assert.deepEqual(first.opened(), ['screen open', 'screen open', 'rings focus']);
    assert.deepEqual([one.repeated, two.repeated], [['one'], []]);
    assert.equal(editor.commands.filter(([command]) => command === 'workbench.panel.repl.view.focus').length, 1);
    first.sessions.dispose();
    editor.reset();
    const second = stage(stored);
    const three = session('three');
    second.sessions.start(three.made);
    three.says(false);
    mock.timers.tick(2000);
    assert.deepEqual(second.opened(), ['screen open']);
    assert.deepEqual(three.repeated, ['three']);
    second.sessions.dispose();
  });

  it('follow the session in the foreground, and keep the last picture of it', async () => {
    const { sessions, told } = stage();
    const [one, two] = [session('one'), session('two')];
    sessions.start(one.made);
    sessions.start(two.made);
    assert.equal(sessions.current, two.made);
    told.length = 0;
    one.says(true);
    assert.deepEqual(told, [], 'it is in the background');
    editor.activeSession.fire(one.made.debugSession);
    assert.equal(sessions.current, one.made);
    mock.timers.tick(200);
    assert.deepEqual(told, ['rings show', 'screen show', 'status update', 'rings update', 'screen update']);
    told.length = 0;
    await two.keep();
    assert.deepEqual(told, []);
    await one.keep();
    assert.deepEqual(told, ['rings freeze', 'screen freeze']);
    told.length = 0;
    one.says(false);
    one.end();
    assert.deepEqual(
      told,
      ['status update', 'rings update', 'screen update', 'serial end', 'rings end', 'screen end', 'status hide'],
      'what it last said is shown before its end',
    );
    assert.equal(sessions.current, undefined);
    sessions.dispose();
  });
});
