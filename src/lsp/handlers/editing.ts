// Requests that change the text: code actions and formatting; and the call hierarchy.
import { type CallHierarchyItem, SymbolKind } from 'vscode-languageserver';
import { type CallItem, callItemAt, incomingCalls, outgoingCalls } from '../../language/features/callHierarchy';
import { codeActions } from '../../language/features/codeActions';
import { format } from '../../language/features/formatting';
import type { Range, TextEdit } from '../../language/position';
import { type Handler, pathOf, type ServerContext, spotOf } from '../handler';

const editOf = ({ range, text }: TextEdit) => ({ range, newText: text });

export const acting: Handler = {
  capabilities: {
    codeActionProvider: {
      codeActionKinds: ['quickfix', 'refactor.rewrite', 'refactor.extract', 'refactor.inline'],
    },
  },
  register(server) {
    server.connection.onCodeAction(async ({ textDocument, range, context }) => {
      const path = await pathOf(server, textDocument);
      const { only: kinds } = context;
      const wanted = (kind: string): boolean => !kinds || kinds.some((of) => kind.startsWith(of));
      return codeActions(server.project, path, range)
        .filter(({ kind }) => wanted(kind))
        .map(({ title, kind, edits, problem, preferred }) => {
          const solved = context.diagnostics.filter(
            (diagnostic) =>
              diagnostic.message === problem?.message && diagnostic.range.start.line === problem.range.start.line,
          );
          return {
            title,
            kind,
            edit: { changes: { [textDocument.uri]: edits.map(editOf) } },
            ...(solved.length > 0 ? { diagnostics: solved } : {}),
            ...(preferred ? { isPreferred: true } : {}),
          };
        });
    });
  },
};

export const formatting: Handler = {
  capabilities: { documentFormattingProvider: true, documentRangeFormattingProvider: true },
  register(server) {
    const edits = (uri: string, options: { tabSize: number; insertSpaces: boolean }, range?: Range) => {
      const syntax = server.project.syntax(server.uris.toPath(uri));
      return syntax ? format(syntax, server.project.settings.formatting, options, range).map(editOf) : [];
    };
    server.connection.onDocumentFormatting(({ textDocument, options }) => edits(textDocument.uri, options));
    server.connection.onDocumentRangeFormatting(({ textDocument, options, range }) =>
      edits(textDocument.uri, options, range),
    );
  },
};

export const calling: Handler = {
  capabilities: { callHierarchyProvider: true },
  register(server) {
    const { languages } = server.connection;
    const itemOf = (item: CallItem): CallHierarchyItem => ({
      name: item.name,
      kind: SymbolKind.Function,
      uri: server.uris.toUri(item.path),
      range: item.range,
      selectionRange: item.selection,
      detail: server.project.nameOf(item.path),
    });
    const fromItem = async (context: ServerContext, { name, uri, range, selectionRange }: CallHierarchyItem) => ({
      name,
      path: await pathOf(context, { uri }),
      range,
      selection: selectionRange,
    });
    languages.callHierarchy.onPrepare(async (params) => {
      const { path, ...position } = await spotOf(server, params);
      const item = callItemAt(server.project, path, position);
      return item ? [itemOf(item)] : null;
    });
    languages.callHierarchy.onIncomingCalls(async ({ item }) => {
      const calls = incomingCalls(server.project, await fromItem(server, item));
      return calls.map((call) => ({ from: itemOf(call.item), fromRanges: call.ranges }));
    });
    languages.callHierarchy.onOutgoingCalls(async ({ item }) => {
      const calls = outgoingCalls(server.project, await fromItem(server, item));
      return calls.map((call) => ({ to: itemOf(call.item), fromRanges: call.ranges }));
    });
  },
};
