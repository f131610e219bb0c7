import assert from 'node:assert/strict';
import { imageKind, mediumOf } from '../../src/machine/loaders/imageKind';

const sized = (bytes: number, signature = true): Uint8Array => {
  const image = new Uint8Array(bytes);
  if (signature && bytes >= 512) image.set([0x55, 0xaa], 510);
  return image;
};

const withPartition = (bytes: number): Uint8Array => {
  const image = sized(bytes);
  image.set([0x80, 0, 2, 0, 0x0c, 0, 0, 0, 1, 0, 0, 0, 0, 8, 0, 0], 446);
  return image;
};

describe('Images', () => {
  it('are recognised by what is in them', () => {
    assert.equal(imageKind(new Uint8Array()), 'empty');
    assert.equal(imageKind(sized(512)), 'bootable');
    assert.equal(imageKind(sized(512, false)), 'unsigned');
    assert.equal(imageKind(sized(511)), 'unsigned');
    assert.equal(imageKind(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 1)), 'elf');
    const iso = sized(0x9000, false);
    iso.set(Buffer.from('CD001'), 0x8001);
    assert.equal(imageKind(iso), 'iso');
    const linux = sized(0x1000);
    linux.set(Buffer.from('HdrS'), 0x202);
    assert.equal(imageKind(linux), 'linux');
    const multiboot = sized(0x100, false);
    new DataView(multiboot.buffer).setUint32(8, 0x1badb002, true);
    assert.equal(imageKind(multiboot), 'unsigned', 'without its checksum');
    new DataView(multiboot.buffer).setUint32(12, 3, true);
    new DataView(multiboot.buffer).setUint32(16, 2 ** 32 - 0x1badb002 - 3, true);
    assert.equal(imageKind(multiboot), 'multiboot');
  });

  it('go into the drive that suits them', () => {
    assert.equal(mediumOf(sized(512)), 'floppy');
    assert.equal(mediumOf(sized(1440 * 1024)), 'floppy');
    assert.equal(mediumOf(sized(100_000)), 'floppy');
    assert.equal(mediumOf(sized(2880 * 1024 + 512)), 'ide');
    assert.equal(mediumOf(withPartition(1_048_576)), 'ide', 'a small disk with partitions');
    assert.equal(mediumOf(withPartition(1440 * 1024)), 'floppy', 'whatever is in a floppy image');
    const code = sized(512).fill(0xe8, 400, 510);
    assert.equal(mediumOf(code), 'floppy', 'code where a table would be');
  });
});
