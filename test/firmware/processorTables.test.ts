// The tables by which guests find several processors: as a guest would look for them, in the memory of a machine.
import assert from 'node:assert/strict';
import { Machine } from '../../src/machine/machine';

const ROM = 0xf0000;

function romOf(processors: number): DataView {
  const image = new Uint8Array(512);
  image.set([0x55, 0xaa], 510);
  const machine = new Machine({ drives: [{ image, kind: 'floppy', name: 'x.img' }], cpu: 'x86-64', processors });
  const bytes = machine.guestMemory.readPhysical(ROM, 0x10000);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
const text = (view: DataView, at: number, length: number): string =>
  String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, length));
const sum = (view: DataView, at: number, length: number): number =>
  new Uint8Array(view.buffer, view.byteOffset + at, length).reduce((a, b) => (a + b) & 0xff, 0);
const find = (view: DataView, signature: string): number => {
  for (let at = 0; at < view.byteLength; at += 16) if (text(view, at, signature.length) === signature) return at;
  return -1;
};

describe('Tables of processors', () => {
  const view = romOf(4);

  it('MP: pointer, header and entries agree', () => {
    const at = find(view, '_MP_');
    assert.ok(at >= 0);
    assert.equal(sum(view, at, 16), 0);
    const table = view.getUint32(at + 4, true) - ROM;
    assert.equal(text(view, table, 4), 'PCMP');
    const length = view.getUint16(table + 4, true);
    assert.equal(sum(view, table, length), 0);
    const counts = [0, 0, 0, 0, 0];
    let entry = table + 44;
    for (let n = view.getUint16(table + 34, true); n > 0; n--) {
      const type = view.getUint8(entry);
      if (type === 0) {
        assert.equal(view.getUint8(entry + 1), counts[0], 'APIC IDs in order');
        assert.equal(view.getUint8(entry + 3), counts[0] === 0 ? 3 : 1, 'the first one boots');
      }
      counts[type]++;
      entry += type === 0 ? 20 : 8;
    }
    assert.equal(entry, table + length);
    assert.deepEqual(counts, [4, 1, 1, 15, 2]);
  });

  it('ACPI: RSDP, RSDT, FADT with its DSDT, MADT', () => {
    const at = find(view, 'RSD PTR ');
    assert.ok(at >= 0);
    assert.equal(sum(view, at, 20), 0);
    const rsdt = view.getUint32(at + 16, true) - ROM;
    const check = (table: number, signature: string): number => {
      assert.equal(text(view, table, 4), signature);
      const length = view.getUint32(table + 4, true);
      assert.equal(sum(view, table, length), 0, `${signature} sums to 0`);
      return length;
    };
    assert.equal(check(rsdt, 'RSDT'), 36 + 8);
    const fadt = view.getUint32(rsdt + 36, true) - ROM;
    assert.equal(check(fadt, 'FACP'), 116);
    check(view.getUint32(fadt + 40, true) - ROM, 'DSDT');
    assert.equal(view.getUint32(fadt + 64, true), 0x604);
    const madt = view.getUint32(rsdt + 40, true) - ROM;
    const length = check(madt, 'APIC');
    const types: number[] = [];
    for (let entry = madt + 44; entry < madt + length; entry += view.getUint8(entry + 1))
      types.push(view.getUint8(entry));
    assert.deepEqual(types, [0, 0, 0, 0, 1, 2, 4]);
  });

  it('are absent with one processor', () => {
    const alone = romOf(1);
    assert.equal(find(alone, '_MP_'), -1);
    assert.equal(find(alone, 'RSD PTR '), -1);
  });
});
