// Requests about names: definition, references, highlights, rename, outline, symbols of the workspace.
import { DocumentHighlightKind, type DocumentSymbol, ErrorCodes, ResponseError } from 'vscode-languageserver';
import { definitionsAt, highlightsAt, referencesAt, rename, renameTarget } from '../../language/features/navigation';
import { outline, type OutlineItem, workspaceSymbols } from '../../language/features/symbols';
import { type Handler, locationOf, pathOf, spotOf } from '../handler';
import { SYMBOL_KINDS } from '../kinds';

const refused = (message: string) => new ResponseError<void>(ErrorCodes.InvalidRequest, message);

export const defining: Handler = {
  capabilities: { definitionProvider: true },
  register(server) {
    server.connection.onDefinition(async (params) => {
      const { path, ...position } = await spotOf(server, params);
      return definitionsAt(server.project, path, position).map((place) => locationOf(server, place));
    });
  },
};

export const referring: Handler = {
  capabilities: { referencesProvider: true, documentHighlightProvider: true },
  register(server) {
    server.connection.onReferences(async (params) => {
      const { path, ...position } = await spotOf(server, params);
      const { includeDeclaration } = params.context;
      return referencesAt(server.project, path, position, includeDeclaration).map((place) => locationOf(server, place));
    });
    server.connection.onDocumentHighlight(({ textDocument, position }) =>
      highlightsAt(server.project, server.uris.toPath(textDocument.uri), position).map(({ range, writes }) => ({
        range,
        kind: writes ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
      })),
    );
  },
};

export const renaming: Handler = {
  capabilities: { renameProvider: { prepareProvider: true } },
  register(server) {
    server.connection.onPrepareRename(async (params) => {
      const { path, ...position } = await spotOf(server, params);
      const target = renameTarget(server.project, path, position);
      if (!target.ok) throw refused(target.message);
      return { range: target.range, placeholder: target.text };
    });
    server.connection.onRenameRequest(async (params) => {
      const { path, ...position } = await spotOf(server, params);
      const renamed = rename(server.project, path, position, params.newName);
      if (!renamed.ok) throw refused(renamed.message);
      const changes = [...renamed.edits].map(
        ([file, edits]) =>
          [server.uris.toUri(file), edits.map(({ range, text }) => ({ range, newText: text }))] as const,
      );
      return { changes: Object.fromEntries(changes) };
    });
  },
};

const symbolOf = ({ name, kind, detail, range, selection, children }: OutlineItem): DocumentSymbol => ({
  name,
  kind: SYMBOL_KINDS[kind],
  range,
  selectionRange: selection,
  ...(detail ? { detail } : {}),
  children: children.map(symbolOf),
});

export const outlining: Handler = {
  capabilities: { documentSymbolProvider: true, workspaceSymbolProvider: true },
  register(server) {
    server.connection.onDocumentSymbol(async ({ textDocument }) => {
      const path = await pathOf(server, textDocument);
      return outline(server.project, path).map(symbolOf);
    });
    server.connection.onWorkspaceSymbol(async ({ query }) => {
      await server.ready();
      return workspaceSymbols(server.project, query).map(({ name, kind, container, ...place }) => ({
        name,
        kind: SYMBOL_KINDS[kind],
        location: locationOf(server, place),
        containerName: container,
      }));
    });
  },
};
