// The `ringside` command.

import { writeSync } from 'node:fs';
import { UserError } from '../dap/errors';
import { LoadError } from '../debugger/load/loadError';
import { asmCommand } from './asmCommand';
import { dapCommand } from './dapCommand';
import { disasmCommand } from './disasmCommand';
import { lspCommand } from './lspCommand';
import { UsageError } from './options';
import { runCommand } from './runCommand';
import { COMMANDS, OVERVIEW, USAGE, type Command } from './usage';
import { vectorsCommand } from './vectors';

const WRONG_USAGE = 2;
const INTERNAL = 70;

const say = (text: string): void => void process.stderr.write(text);

const RUN: Readonly<Record<Command, (argv: readonly string[]) => Promise<number> | number>> = {
  run: runCommand,
  asm: asmCommand,
  disasm: disasmCommand,
  dap: dapCommand,
  lsp: lspCommand,
  vectors: (argv) => vectorsCommand(argv, (line) => console.log(line)),
};

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined) {
    say(OVERVIEW);
    return WRONG_USAGE;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    writeSync(1, USAGE[rest[0] as Command] ?? OVERVIEW);
    return 0;
  }
  if (!COMMANDS.includes(name as Command)) {
    say(`ringside: there is no command ${name}\n\n${OVERVIEW}`);
    return WRONG_USAGE;
  }
  const command = name as Command;
  if (rest.includes('--help') || rest.includes('-h')) {
    writeSync(1, USAGE[command]);
    return 0;
  }
  try {
    return await RUN[command](rest);
  } catch (error) {
    if (error instanceof UsageError)
      say(`ringside ${command}: ${error.message}\n(ringside ${command} --help lists the options)\n`);
    else if (error instanceof LoadError || error instanceof UserError) say(`ringside ${command}: ${error.message}\n`);
    else if ((error as NodeJS.ErrnoException).code !== undefined)
      say(`ringside ${command}: ${(error as Error).message}\n`);
    else throw error;
    return WRONG_USAGE;
  }
}

// A reader that goes away (`| head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    say(`ringside: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = INTERNAL;
  },
);
