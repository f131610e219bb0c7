// Requests for what is shown in the text: inlay hints, code lenses, values while debugging.
import { type CodeLens, type InlayHint, MarkupKind } from 'vscode-languageserver';
import { codeLenses } from '../../language/features/codeLens';
import { inlayHints } from '../../language/features/inlayHints';
import { inlineValues } from '../../language/features/inlineValues';
import { type Handler, locationOf, pathOf } from '../handler';

export const hinting: Handler = {
  capabilities: { inlayHintProvider: true },
  register(server) {
    server.connection.languages.inlayHint.on(async ({ textDocument, range }) => {
      const path = await pathOf(server, textDocument);
      return inlayHints(server.project, path, range.start.line, range.end.line).map(
        ({ position, text, tooltip }): InlayHint => ({
          position,
          label: text,
          tooltip: { kind: MarkupKind.PlainText, value: tooltip },
        }),
      );
    });
  },
};

export const lensing: Handler = {
  capabilities: { codeLensProvider: { resolveProvider: false } },
  register(server) {
    server.connection.onCodeLens(async ({ textDocument }) => {
      const path = await pathOf(server, textDocument);
      const uri = textDocument.uri;
      return codeLenses(server.project, path).map(({ range, title, places }): CodeLens => {
        // The editor's extension shows the places; other editors get the count alone.
        const command = places?.length && server.options.showReferences ? server.options.showReferences : '';
        const locations = command ? places!.map((place) => locationOf(server, place)) : [];
        return { range, command: { title, command, ...(command ? { arguments: [uri, range.start, locations] } : {}) } };
      });
    });
  },
};

export const valuing: Handler = {
  capabilities: { inlineValueProvider: true },
  register(server) {
    server.connection.languages.inlineValue.on(({ textDocument, range, context }) => {
      const syntax = server.project.syntax(server.uris.toPath(textDocument.uri));
      const stopped = context.stoppedLocation.start.line;
      return syntax ? inlineValues(syntax, range.start.line, range.end.line, stopped) : [];
    });
  },
};
