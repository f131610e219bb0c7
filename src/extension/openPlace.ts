// Opens a place of the guest's code: the source line where there is one, else a disassembly around the address. The
// editor's own Disassembly view can only be opened at the present instruction, hence a read-only document of our own.
import * as vscode from 'vscode';
import type { TransitionPoint } from '../dap/customTypes';
import { LANGUAGE } from './languages';
import { fromSessionPath } from './paths';

export const DISASSEMBLY_SCHEME = 'ringside-disassembly';

/** Instructions shown before and after the address. */
const BEFORE = 24;
const AFTER = 72;

interface Disassembled {
  address: string;
  instructionBytes?: string;
  instruction: string;
  symbol?: string;
}
interface DisassemblingSession {
  readonly id: string;
  readonly adapter: { request<T>(command: string, args: unknown): Promise<T> };
}

/** Texts by URI; a document is asked for right after its text was put here. */
const texts = new Map<string, string>();

export const disassemblyDocuments: vscode.TextDocumentContentProvider = {
  provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '; The session has ended.\n',
};

const disassemble = async (session: DisassemblingSession, linear: string): Promise<{ text: string; line: number }> => {
  const args = {
    memoryReference: linear,
    instructionOffset: -BEFORE,
    instructionCount: BEFORE + AFTER,
    resolveSymbols: true,
  };
  const { instructions } = await session.adapter.request<{ instructions: Disassembled[] }>('disassemble', args);
  const lines: string[] = [];
  let line = 0;
  const wanted = BigInt(linear);
  for (const { address, instructionBytes = '', instruction, symbol } of instructions) {
    if (symbol) lines.push(`${symbol}:`);
    if (BigInt(address) === wanted) line = lines.length;
    const digits = BigInt(address).toString(16).padStart(8, '0');
    lines.push(`        ${instruction.padEnd(44)} ; ${digits}  ${instructionBytes}`);
  }
  return { text: `${lines.join('\n')}\n`, line };
};

const reveal = async (document: vscode.TextDocument, line: number): Promise<void> => {
  const range = new vscode.Range(line, 0, line, 0);
  const visible = vscode.window.visibleTextEditors.find((e) => e.document === document);
  const column = visible?.viewColumn ?? vscode.window.activeTextEditor?.viewColumn ?? vscode.ViewColumn.One;
  const editor = await vscode.window.showTextDocument(document, {
    viewColumn: column,
    selection: range,
    preview: true,
  });
  editor.revealRange(range, vscode.TextEditorRevealType.InCenter);
};

export const openPlace = async (
  session: DisassemblingSession,
  point: Pick<TransitionPoint, 'linear' | 'source'>,
  how: 'source' | 'disassembly',
): Promise<void> => {
  try {
    if (how === 'source' && point.source) {
      const document = await vscode.workspace.openTextDocument(fromSessionPath(point.source.path));
      return await reveal(document, point.source.line - 1);
    }
    const { text, line } = await disassemble(session, point.linear);
    const uri = vscode.Uri.from({
      scheme: DISASSEMBLY_SCHEME,
      path: `/Disassembly at ${point.linear}`,
      query: session.id,
    });
    texts.set(uri.toString(), text);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, LANGUAGE);
    await reveal(document, line);
  } catch (error) {
    void vscode.window.showErrorMessage(`The place cannot be shown: ${error instanceof Error ? error.message : error}`);
  }
};
