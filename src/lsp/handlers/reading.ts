// Requests for understanding: hover, completion, signature help, colours, folding, links.
import { FoldingRangeKind, MarkupKind, SemanticTokensBuilder } from 'vscode-languageserver';
import { beginsOperand, completions } from '../../language/features/completion';
import { hover } from '../../language/features/hover';
import { semanticTokens, TOKEN_MODIFIERS, TOKEN_TYPES } from '../../language/features/semanticTokens';
import { signatureHelp } from '../../language/features/signatureHelp';
import { type Handler, pathOf, spotOf } from '../handler';
import { COMPLETION_KINDS } from '../kinds';

const markdown = (value: string) => ({ kind: MarkupKind.Markdown, value });

export const hovering: Handler = {
  capabilities: { hoverProvider: true },
  register(server) {
    server.connection.onHover(async (params) => {
      const { path, ...position } = await spotOf(server, params);
      const found = hover(server.project, path, position);
      return found ? { contents: markdown(found.markdown), range: found.range } : null;
    });
  },
};

export const completing: Handler = {
  capabilities: { completionProvider: { triggerCharacters: ['.', '%', '"', '/', ' ', '$'], resolveProvider: false } },
  register(server) {
    server.connection.onCompletion((params) => {
      // Not from a fresh assembly: typing must not wait for one.
      const path = server.uris.toPath(params.textDocument.uri);
      const character = params.context?.triggerCharacter;
      if (character === ' ' && !beginsOperand(server.project, path, params.position)) return null;
      const proposals = completions(server.project, path, params.position);
      return proposals.map((proposal) => ({
        label: proposal.label,
        kind: COMPLETION_KINDS[proposal.kind],
        sortText: `${proposal.rank}${proposal.label}`,
        filterText: proposal.label,
        textEdit: { range: proposal.range, newText: proposal.text ?? proposal.label },
        ...(proposal.detail ? { detail: proposal.detail } : {}),
        ...(proposal.documentation ? { documentation: markdown(proposal.documentation) } : {}),
      }));
    });
  },
};

export const signing: Handler = {
  capabilities: { signatureHelpProvider: { triggerCharacters: [' ', ','], retriggerCharacters: [','] } },
  register(server) {
    server.connection.onSignatureHelp(({ textDocument, position }) => {
      const help = signatureHelp(server.project, server.uris.toPath(textDocument.uri), position);
      if (!help) return null;
      return {
        activeSignature: help.active,
        activeParameter: help.parameter,
        signatures: help.signatures.map(({ label, documentation, parameters }) => ({
          label,
          ...(documentation ? { documentation } : {}),
          parameters: parameters.map(([from, to]) => ({ label: [from, to] as [number, number] })),
        })),
      };
    });
  },
};

export const colouring: Handler = {
  capabilities: {
    semanticTokensProvider: {
      legend: { tokenTypes: [...TOKEN_TYPES], tokenModifiers: [...TOKEN_MODIFIERS] },
      full: { delta: true },
    },
  },
  register(server) {
    /** Of each open document; they know what was sent last, so that only changes are sent again. */
    const builders = new Map<string, SemanticTokensBuilder>();
    const fill = async (uri: string, builder: SemanticTokensBuilder): Promise<void> => {
      await server.ready();
      for (const { range, type, declaration, readonly } of semanticTokens(server.project, server.uris.toPath(uri))) {
        const { start, end } = range;
        const modifiers = (declaration ? 1 : 0) | (readonly ? 2 : 0);
        const length = end.character - start.character;
        builder.push(start.line, start.character, length, TOKEN_TYPES.indexOf(type), modifiers);
      }
    };
    const { semanticTokens: requests } = server.connection.languages;
    requests.on(async ({ textDocument: { uri } }) => {
      const builder = new SemanticTokensBuilder();
      for (const known of builders.keys())
        if (!server.project.isOpen(server.uris.toPath(known))) builders.delete(known);
      builders.set(uri, builder);
      await fill(uri, builder);
      return builder.build();
    });
    requests.onDelta(async ({ textDocument: { uri }, previousResultId }) => {
      const builder = builders.get(uri) ?? new SemanticTokensBuilder();
      builders.set(uri, builder);
      builder.previousResult(previousResultId);
      await fill(uri, builder);
      return builder.buildEdits();
    });
  },
};

export const folding: Handler = {
  capabilities: { foldingRangeProvider: true },
  register(server) {
    const kinds = { comment: FoldingRangeKind.Comment, region: FoldingRangeKind.Region } as const;
    server.connection.onFoldingRanges(({ textDocument }) => {
      const syntax = server.project.syntax(server.uris.toPath(textDocument.uri));
      return (syntax?.blocks ?? []).map(({ kind, start, end }) => ({
        startLine: start,
        endLine: end,
        ...(kind === 'comment' || kind === 'region' ? { kind: kinds[kind] } : {}),
      }));
    });
  },
};

export const linking: Handler = {
  capabilities: { documentLinkProvider: { resolveProvider: false } },
  register(server) {
    server.connection.onDocumentLinks(async ({ textDocument }) => {
      const path = await pathOf(server, textDocument);
      const references = server.project.syntax(path)?.references ?? [];
      return references.flatMap(({ path: written, range }) => {
        const target = server.project.resolve(written, path);
        return target ? [{ range, target: server.uris.toUri(target) }] : [];
      });
    });
  },
};
