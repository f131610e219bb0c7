// `node scripts/generate-grammar.mjs`: writes syntaxes/ringside-asm.tmLanguage.json (the build does it, too).
import { writeGrammar } from './lib/grammar.mjs';

console.log((await writeGrammar()) ? 'written' : 'unchanged');
