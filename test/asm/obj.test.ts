// OMF objects against nasm's, record by record. The translator's name, and the times of source files that nasm notes, are not
// compared.
import assert from 'node:assert/strict';
import { assembleText, runNasm, snippets } from './support';

const COMENT = 0x88;
/** Comment classes that differ: who made the object, when the sources were written. */
const OWN = [0x00, 0xe9];

/** Records in hex, without their checksums, which are verified. */
function records(bytes: Uint8Array): string[] {
  const out: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 3 + (bytes[at + 1]! | (bytes[at + 2]! << 8));
    const record = bytes.subarray(at, end);
    assert.equal(record.reduce((sum, byte) => sum + byte, 0) & 0xff, 0, `checksum of the record at ${at}`);
    if (record[0] !== COMENT || !OWN.includes(record[4]!))
      out.push(Buffer.from(record.subarray(0, -1)).toString('hex'));
    at = end;
  }
  return out;
}

describe('assembler: OMF objects', () => {
  it('have the records of nasm', () => {
    const list = snippets('obj.asm');
    const differences: string[] = [];
    runNasm(list, 'obj').forEach(({ bytes, messages }, index) => {
      const { name, source } = list[index]!;
      const result = assembleText(source, {}, {}, 'obj');
      const refused = name.startsWith('refused_');
      assert.equal(bytes === undefined, refused, `${name}: nasm says ${messages}`);
      if (!result.ok || refused) {
        const errors = result.diagnostics
          .filter(({ severity }) => severity === 'error')
          .map((d) => `${d.line}: ${d.message}`);
        if (result.ok || !refused)
          differences.push(`${name}: nasm ${messages || 'accepts'}; ringside ${errors.join('; ') || 'accepts'}`);
        return;
      }
      const [ours, theirs] = [records(result.bytes), records(bytes!)];
      const at = theirs.findIndex((record, i) => record !== ours[i]);
      if (at >= 0 || ours.length !== theirs.length)
        differences.push(`${name}: record ${at}\n nasm ${theirs[at]}\n ours ${ours[at]}`);
    });
    assert.deepEqual(differences, []);
  });

  it('have no offset in the selector of a far call', () => {
    // NASM 2.16 repeats the offset there, which the linker would add to the segment; NASM 3 mended that.
    const { bytes } = assembleText('segment a\n call far a1\na1: ret\n', {}, {}, 'obj');
    assert.deepEqual(
      records(bytes).slice(-3, -1),
      ['a00a00010000 9a05000000c3', '9c0900c4015401c8035401'].map((text) => text.replace(' ', '')),
    );
  });

  it('give SEG of an address in an absolute segment', () => {
    // nasm stores 0 here
    const { bytes } = assembleText('segment v absolute=0xb800\nx: resb 1\nsegment a\nmov ax, seg x\n', {}, {}, 'obj');
    assert.ok(records(bytes).includes('a0070002 0000b800b8'.replace(' ', '')));
  });
});
