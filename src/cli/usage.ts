// What `ringside --help` and `ringside COMMAND --help` print.

export const COMMANDS = ['run', 'asm', 'disasm', 'dap', 'lsp', 'vectors'] as const;
export type Command = (typeof COMMANDS)[number];

export const USAGE: Readonly<Record<Command, string>> = {
  run: `usage: ringside run TARGET [options]
  Boots TARGET: an .asm source, a boot sector, floppy or disk image, a Multiboot or 32-bit ELF kernel, or a folder with one of them.
  The guest's COM1 goes to standard output, and nothing else does.

  --memory SIZE            RAM, 1M to 1G (64M)
  --cpu MODEL              386, 486, pentium or x86-64 (x86-64)
  --cpus N                 processors, 1 to 8 (1); several are x86-64
  --bios FILE              firmware image instead of the built-in one; needs no TARGET
  --kernel FILE            a kernel to start; TARGET, if there is one, goes into a drive
  --append TEXT            command line of the kernel
  --initrd 'FILE[ TEXT]'   a module for the kernel, with its command line; may be repeated
  --device fw-cfg|testdev  QEMU's firmware configuration ports, its device for processor tests
  --drive FILE[,if=floppy|ide][,ro]
                           a further drive; may be repeated
  --boot-drive floppy|ide  the drive that TARGET is put in (floppy up to 2.88 MB)
  -I DIR, -D NAME[=VALUE]  include folders and macros, when TARGET is a source
  --compat 2.16|3          NASM version whose order of prefixes applies (2.16)
  --serial stdio|FILE      standard input goes to COM1, too; or COM1's output goes to FILE
  --debug-port stderr|FILE what the guest writes to port E9
  --keys TEXT|@FILE        typed on the keyboard: 'dir<enter>', <esc>, <f1>, <ctrl-c>, <wait 2s>, <lt>
  --start-time TIME        the clock at power-on: 2026-01-31T12:00:00Z, or now
  --ips N                  instructions per virtual second (100000000)
  --until-serial REGEX     ends when COM1 has printed it
  --until-screen REGEX     ends when the text screen shows it
  --max-instructions N     ends after so many instructions
  --timeout SECONDS        ends after so much real time
  --screen text|FILE.png   the screen at the end: as text on standard error, or as a picture
  --events FILE|-          a line of JSON for every change of ring or mode
  --show-transitions       the same for people, on standard error
  --stats FILE|-           figures of the run as JSON
  --tier interpreter|auto  execution tier (auto)

  exit code: 0 the guest ended as asked (pattern seen, halted, powered off, debug exit 0); the value of its debug exit;
  2 wrong usage or input; 3 triple fault; 4 a limit was reached first
`,
  asm: `usage: ringside asm FILE [options]
  Assembles NASM source.

  -f bin|elf32|elf64|obj   output format (bin)
  -O0|-O1|-Ox              how far instructions are shortened, as nasm does (-Ox)
  -g [-F dwarf]            line information in an ELF object
  -o OUT                   output file (FILE without its extension, or with .o or .obj)
  -l LISTING               listing as nasm writes it
  --map FILE               sections and symbols as nasm's [map all] writes them
  -I DIR                   folder for %include and incbin; may be repeated
  -D NAME[=VALUE]          defines a macro; may be repeated
  --compat 2.16|3          NASM version whose order of prefixes applies (2.16)

  exit code: 0, 1 the source has errors, 2 wrong usage or input
`,
  disasm: `usage: ringside disasm FILE [options]
  Disassembles a flat binary in NASM's syntax.

  --bits 16|32|64          size of the code (16)
  --org ADDRESS            address of the first byte of FILE (0)
  --offset N               where to begin in FILE (0)
  --count N                number of instructions (all)
`,
  dap: `usage: ringside dap [--port N]
  The debug adapter, on standard input and output, or on a local TCP port (0 takes a free one).
`,
  lsp: `usage: ringside lsp [--stdio]
  The language server for NASM source, on standard input and output, for editors that speak LSP.
  Settings: those of the editor's section ringside, or initializationOptions of the same shape.
`,
  vectors: `usage: ringside vectors FILE...
  Replays CPU test vectors (*.jsonl, *.jsonl.gz, or a folder with them) and prints the tally of each file.
`,
};

export const OVERVIEW = `usage: ringside COMMAND ...
  run      boots a source, an image or a folder
  asm      assembles NASM source
  disasm   disassembles a flat binary
  dap      the debug adapter
  lsp      the language server
  vectors  replays CPU test vectors

  ringside COMMAND --help says more.
`;
