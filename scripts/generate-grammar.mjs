// `node scripts/generate-grammar.mjs`: writes the grammars in syntaxes/ (the build does it, too).
import { writeGrammar } from './lib/grammar.mjs';

console.log((await writeGrammar()) ? 'written' : 'unchanged');
