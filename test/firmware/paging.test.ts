// Services under paging, as a v8086 monitor would run them: a page that is missing faults, and the service does its work
// when it is called again.
import assert from 'node:assert/strict';
import { FAULT, NEXT } from '../../src/cpu/sys';
import { FW_DISK, FW_MEMORY } from '../../src/firmware/services';
import { Machine } from '../../src/machine/machine';
import { assembleProgram } from './support/program';

const DIRECTORY = 0x100000;
const TABLE = 0x101000;
const PRESENT = 3;
const BUFFER = 0x30000;

describe('Firmware under paging', () => {
  const image = assembleProgram('');
  const machine = new Machine({ memory: 0x400000, drives: [{ image, kind: 'ide', name: 'x.img' }] });
  const map = (page: number, entry: number): void => {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, entry, true);
    machine.writePhysical(TABLE + page * 4, bytes);
    machine.setRegister('cr3', BigInt(DIRECTORY)); // flushes
  };

  before(() => {
    machine.writePhysical(DIRECTORY, Uint8Array.of(PRESENT, 0x10, 0x10, 0)); // table at 101000
    for (let page = 0; page < 1024; page++) map(page, (page << 12) | PRESENT);
    machine.setRegister('cr0', machine.getRegister('cr0')! | 0x80000001n);
    machine.setRegister('sp', 0x7000n);
  });

  it('works through the page tables', () => {
    map(0x30, 0x200000 | PRESENT);
    machine.setRegister('ax', 0x0201n);
    machine.setRegister('cx', 1n);
    machine.setRegister('dx', 0x80n);
    machine.setRegister('bx', 0n);
    machine.setRegister('es.base', BigInt(BUFFER));
    machine.cpu.u32[(0x100 + 0) >> 2] = BUFFER >> 4; // ES selector as v8086 mode would have it
    assert.equal(machine.firmware!.call(FW_DISK), NEXT);
    assert.deepEqual(machine.guestMemory.readPhysical(0x200000, 512), new Uint8Array(image.subarray(0, 512)));
  });

  it('faults on a missing page and succeeds when it is called again', () => {
    map(0x31, 0);
    machine.setRegister('ax', 0x0209n); // the ninth sector ends beyond the page
    machine.setRegister('cx', 1n);
    machine.setRegister('dx', 0x80n);
    assert.equal(machine.firmware!.call(FW_DISK), FAULT);
    assert.deepEqual([machine.cpu.fault?.vector, machine.cpu.fault?.cr2], [14, BUFFER + 0x1000]);
    machine.cpu.fault = undefined;
    map(0x31, 0x210000 | PRESENT);
    assert.equal(machine.getRegister('ax'), 0x0209n, 'the call is as it was');
    assert.equal(machine.firmware!.call(FW_DISK), NEXT);
    assert.deepEqual(machine.guestMemory.readPhysical(0x210000, 512), new Uint8Array(image.subarray(4096, 4608)));
  });

  it('does simple things without touching memory it does not need', () => {
    assert.equal(machine.firmware!.call(FW_MEMORY), NEXT);
    assert.equal(machine.getRegister('ax'), 639n);
  });
});
