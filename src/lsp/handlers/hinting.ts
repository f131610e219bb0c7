// Requests for what is shown in the text: inlay hints, code lenses, values while debugging.
import { type CodeLens, type InlayHint, MarkupKind } from 'vscode-languageserver';
import { type CodeLens as Lens, codeLenses } from '../../language/features/codeLens';
import { inlayHints } from '../../language/features/inlayHints';
import { inlineValues } from '../../language/features/inlineValues';
import { type Handler, locationOf, pathOf, type ServerContext } from '../handler';

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
      return codeLenses(server.project, path).flatMap((lens) => lensOf(server, textDocument.uri, lens));
    });
  },
};

/** The editor's extension shows places and starts programs; other editors get what can be read alone. */
function lensOf(server: ServerContext, uri: string, { range, title, places, startAt }: Lens): CodeLens[] {
  const { showReferences, startAt: start } = server.options;
  if (startAt) {
    const args = [server.uris.toUri(startAt.program), startAt.label];
    return start ? [{ range, command: { title, command: start, arguments: args } }] : [];
  }
  if (!places?.length || !showReferences) return [{ range, command: { title, command: '' } }];
  const locations = places.map((place) => locationOf(server, place));
  return [{ range, command: { title, command: showReferences, arguments: [uri, range.start, locations] } }];
}

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
