// Builds and starts a guest for `launch` and `restart`. What the assembler says goes to the debug console with its place,
// and to the client as a whole; what keeps the guest from starting becomes the request's error.

import { Debugger } from '../debugger/debugger';
import { Guest } from '../debugger/guest';
import { projectOf, PROJECT_FILE } from '../debugger/load/folder';
import { loadGuest, type Loaded } from '../debugger/load/guestOptions';
import { diagnosticText, LoadError } from '../debugger/load/loadError';
import { startProblem } from '../debugger/stepping/start';
import { diagnosticsBody, type Diagnostics } from './diagnosticsBody';
import { badAttribute, launchFailed } from './errors';
import { checkLaunch, type CheckedLaunch } from './launchAttributes';
import type { Launched } from './launched';
import type { Session } from './session';

/** Rejects with UserError. With `earlier`, breakpoints and filters of that debugger are taken over. */
export async function launchGuest(session: Session, given: object, earlier?: Debugger): Promise<Launched> {
  const progressId = session.beginProgress('Starting the guest');
  try {
    const checked = await resolveFolder(session, { ...given });
    for (const name of checked.unknown)
      session.output(`Launch configuration: there is no attribute "${name}".\n`, 'stderr');
    const loaded = await load(session, checked);
    report(session, loaded);
    const { startAt } = checked.args;
    const problem = startAt === undefined ? undefined : startProblem(loaded.program, startAt);
    if (problem !== undefined) throw badAttribute('startAt', problem);
    return start(session, checked, loaded, earlier);
  } finally {
    session.endProgress(progressId);
  }
}

/** A folder's ringside.json fills in what the configuration leaves out. */
async function resolveFolder(session: Session, given: Record<string, unknown>): Promise<CheckedLaunch> {
  const { host } = session;
  const checked = checkLaunch(given, host.folder, host.unixTime());
  const folder = checked.guest.program;
  try {
    if ((await host.files.stat(folder))?.kind !== 'folder') return checked;
    const { program, attributes } = await projectOf(folder, host.files);
    const ofProject = checkLaunch({ ...attributes, cwd: folder, program }, host.folder, host.unixTime());
    const again = checkLaunch({ ...attributes, cwd: folder, ...given, program }, host.folder, host.unixTime());
    return { ...again, unknown: [...checked.unknown, ...ofProject.unknown.map((name) => `${name} (${PROJECT_FILE})`)] };
  } catch (error) {
    throw error instanceof LoadError ? launchFailed(error.message) : error;
  }
}

async function load(session: Session, { guest }: CheckedLaunch): Promise<Loaded> {
  try {
    return await loadGuest(guest, session.host.files);
  } catch (error) {
    if (!(error instanceof LoadError)) throw launchFailed(error instanceof Error ? error.message : String(error));
    report(session, { diagnostics: error.diagnostics, files: error.diagnostics.length ? [guest.program] : [] });
    throw launchFailed(error.message);
  }
}

function report(session: Session, found: Diagnostics): void {
  for (const d of found.diagnostics) {
    const category = d.severity === 'error' ? 'stderr' : 'console';
    session.output(`${diagnosticText(d)}\n`, category, { path: d.file, line: d.line, column: d.column });
  }
  session.event('ringside/diagnostics', diagnosticsBody(found));
}

function start(session: Session, checked: CheckedLaunch, loaded: Loaded, earlier: Debugger | undefined): Launched {
  const guest = new Guest(loaded.machine);
  const debug = new Debugger(guest.target, loaded.program, { log: (text) => session.output(`${text}\n`) });
  guest.onSerial.on(({ port, byte }) => session.loop.collectSerial(port, byte));
  guest.onDebugByte.on((byte) => session.loop.collectDebugByte(byte));
  guest.onReset.on(() => session.output('The guest has reset the machine.\n'));
  guest.onLoaded.on((placement) => debug.placed(placement, () => guest.requestStop()));
  guest.typist.type(checked.keys, 0);
  if (checked.maxInstructions !== undefined) debug.instructionLimit = checked.maxInstructions;
  if (checked.args.noDebug) debug.runOnly();
  else if (earlier) debug.inherit(earlier);
  session.launched = { debug, guest, args: { ...checked.args, program: checked.guest.program }, files: loaded.files };
  return session.launched;
}
