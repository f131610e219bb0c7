// Everything a session may have to tell a person, one named function each. `showUser` asks the client for a dialogue.

export class UserError extends Error {
  constructor(
    message: string,
    readonly id: number,
    readonly showUser = false,
  ) {
    super(message);
    this.name = 'UserError';
  }
}

export const unknownRequest = (command: string): UserError =>
  new UserError(`Ringside does not know the request "${command}".`, 1);

export const malformedMessage = (why: string): UserError => new UserError(`Malformed message: ${why}.`, 2);

export const badArgument = (command: string, why: string): UserError => new UserError(`${command}: ${why}.`, 3);

export const notLaunched = (command: string): UserError =>
  new UserError(`${command}: no guest has been launched yet.`, 4);

export const alreadyLaunched = (): UserError => new UserError('A guest has been launched already; use restart.', 5);

export const guestRunning = (command: string): UserError =>
  new UserError(`${command}: the guest is running; pause it first.`, 6);

export const guestEnded = (command: string): UserError => new UserError(`${command}: the guest has ended.`, 7);

export const cancelled = (): UserError => new UserError('cancelled', 8);

export const badAttribute = (name: string, why: string): UserError =>
  new UserError(`Launch configuration: "${name}" ${why}.`, 10, true);

export const launchFailed = (why: string): UserError => new UserError(why, 11, true);

export const unknownThread = (id: number): UserError =>
  new UserError(`There is no thread ${id}; the processor is thread 1.`, 12);

export const unknownFrame = (id: number): UserError =>
  new UserError(`Frame ${id} is no longer valid: the guest has moved on since it was shown.`, 13);

export const unknownReference = (id: number): UserError =>
  new UserError(`Variables reference ${id} is no longer valid: the guest has moved on since it was shown.`, 14);

export const unknownVariable = (name: string): UserError => new UserError(`There is no variable ${name} here.`, 15);

export const notSettable = (name: string): UserError => new UserError(`${name} cannot be changed.`, 16);

export const notSet = (name: string, why: string): UserError => new UserError(`${name} was not changed: ${why}.`, 17);

/** `text` with a mark below the part that is meant. */
export const badExpression = (text: string, message: string, start: number): UserError =>
  new UserError(text.trim() === text && start > 0 ? `${message} (at column ${start + 1} of \`${text}\`)` : message, 18);

export const commandFailed = (why: string): UserError => new UserError(why, 19);

export const noCaller = (why: string): UserError => new UserError(`Step out: ${why}.`, 20, true);

export const badAddress = (reference: string, why: string): UserError =>
  new UserError(`Address ${reference}: ${why}.`, 21);

export const noException = (): UserError => new UserError('The guest is not stopped at an exception.', 22);

export const sourceUnknown = (path: string): UserError => new UserError(`${path} is not a source of the program.`, 23);

export const noGotoTarget = (): UserError => new UserError('That place is no longer known; choose it again.', 24);

export const notWritable = (address: string): UserError => new UserError(`Nothing can be written at ${address}.`, 25);

export const badKey = (why: string): UserError => new UserError(why, 26);

export const transitionGone = (index: number): UserError =>
  new UserError(`Transition ${index} is not in the history (any more).`, 27);

/** A mistake of ours: the message names it so that it can be reported. */
export const internalError = (command: string, error: unknown): UserError =>
  new UserError(
    `Internal error in ${command}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    99,
  );
