// Every snippet of the corpus gives the same bytes as nasm.
import assert from 'node:assert/strict';
import { assembleText, hexText, runNasm, snippets, type NasmOutput, type Snippet } from './support';

const CORPUS = [
  'expressions',
  'numbers',
  'strings',
  'data',
  'labels',
  'addresses',
  'jumps',
  'encodings',
  'single-macros',
  'multi-macros',
  'conditionals',
  'repeated',
  'sections',
];

describe('assembler: bytes equal to nasm', () => {
  for (const topic of CORPUS) {
    describe(topic, () => {
      const list = snippets(`${topic}.asm`);
      let expected: Map<Snippet, NasmOutput>;
      before(() => {
        const output = runNasm(list);
        expected = new Map(list.map((snippet, index) => [snippet, output[index]!]));
      });
      for (const snippet of list) {
        it(snippet.name, () => {
          const nasm = expected.get(snippet)!;
          const result = assembleText(snippet.source);
          assert.ok(nasm.bytes, `nasm itself refuses the snippet:\n${nasm.messages}`);
          assert.deepEqual(
            result.diagnostics.filter((d) => d.severity === 'error'),
            [],
          );
          assert.equal(hexText(result.bytes), hexText(nasm.bytes));
        });
      }
    });
  }
});
