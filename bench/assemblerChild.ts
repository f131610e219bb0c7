// Assembles the file named on the command line once, as a command would: the assembler in a process that has just begun.
import { readFileSync, writeFileSync } from 'node:fs';
import { assemble } from '../src/asm/assemble';

const [file = '', output = ''] = process.argv.slice(2);
const source = readFileSync(file, 'utf8');
const { bytes } = assemble({ file, source, read: () => undefined, readBinary: () => undefined });
writeFileSync(output, bytes);
