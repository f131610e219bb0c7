// `ringside lsp`: the language server for any editor, on stdio.
import { serveLsp } from '../lsp/stdio';
import { parseOptions, UsageError } from './options';

export async function lspCommand(argv: readonly string[]): Promise<number> {
  // Editors tell a server how they talk to it; there is only one way here.
  const { positionals } = parseOptions(
    argv.filter((option) => option !== '--stdio'),
    {},
  );
  if (positionals.length)
    throw new UsageError(`there is nothing to do with ${positionals[0]}: the editor names the files`);
  await serveLsp(process.stdin, process.stdout);
  process.stdin.destroy();
  return 0;
}
