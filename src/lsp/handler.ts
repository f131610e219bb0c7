// A feature as the server knows it: what it announces, and the requests it answers.
import type { ClientCapabilities, Connection, ServerCapabilities } from 'vscode-languageserver';
import type { Position, Range } from '../language/position';
import type { Project } from '../language/project/project';
import type { Uris } from './uris';

export interface ClientOptions {
  /** Command that shows places: takes a URI, a position and locations. */
  showReferences?: string;
  /** Command that starts the debugger: takes a program's URI and a label. */
  startAt?: string;
}

/** What handlers see of the server. */
export interface ServerContext {
  readonly connection: Connection;
  readonly project: Project;
  readonly uris: Uris;
  /** Features of the client that answers depend on. */
  readonly client: ClientCapabilities;
  /** What only our own extension offers. */
  readonly options: ClientOptions;
  /** Resolves when the workspace has been read. */
  ready(): Promise<void>;
  /** Fetches what the programs of these files need. */
  settle(paths: readonly string[]): Promise<void>;
}

export interface Handler {
  capabilities: ServerCapabilities;
  register(server: ServerContext): void;
}

export interface DocumentPosition {
  textDocument: { uri: string };
  position: Position;
}

export interface Spot extends Position {
  path: string;
}

/** The place a request is about, once everything it may ask for has been read. */
export async function spotOf(server: ServerContext, { textDocument, position }: DocumentPosition): Promise<Spot> {
  const path = await pathOf(server, textDocument);
  return { path, ...position };
}

export async function pathOf(server: ServerContext, { uri }: { uri: string }): Promise<string> {
  const path = server.uris.toPath(uri);
  await server.settle([path]);
  return path;
}

export const locationOf = (server: ServerContext, place: { path: string; range: Range }) => ({
  uri: server.uris.toUri(place.path),
  range: place.range,
});
