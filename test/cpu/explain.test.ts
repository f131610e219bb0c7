import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainErrorCode, explainFault } from '../../src/cpu/explain';
import { EXPLANATIONS, kindName } from '../../src/cpu/explanations';
import { FAULT } from '../../src/cpu/sys';
import { GDT, ProtectedMachine } from './protectedMachine';

/** Names of checks in calls that raise something. */
function checksIn(folder: string): Set<string> {
  const found = new Set<string>();
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.ts') || entry.endsWith('explanations.ts')) continue;
    const text = readFileSync(join(folder, entry), 'utf8');
    if (!/raise|segmentFault/.test(text)) continue;
    for (const [, name] of text.matchAll(
      /(?:raise\w*|wrong|segmentFault|frame\.write)\(\s*cpu[^;]*?'([a-z0-9]+(?:-[a-z0-9]+)+)'/g,
    ))
      found.add(name!);
  }
  return found;
}

describe('explanations', () => {
  it('exist for every check in the source', () => {
    const source = join(__dirname, '..', '..', 'src');
    const checks = [...checksIn(join(source, 'cpu')), ...checksIn(join(source, 'engine'))];
    assert.ok(checks.length > 60, `${checks.length} checks found`);
    assert.deepEqual(
      checks.filter((check) => !(check in EXPLANATIONS)),
      [],
    );
  });

  it('name the segment, the numbers and the manual', () => {
    const m = new ProtectedMachine(3);
    m.write32(GDT + 0x40, 0xffff, 0x00cf9300);
    m.cpu.setReg32(0, 0x43);
    assert.equal(m.execute([0x8e, 0xd8], 32), FAULT);
    const e = explainFault(m.cpu.fault!);
    assert.equal(e.title, '#GP(0x40) general protection');
    assert.equal(
      e.reason,
      'Selector 0x43 (GDT entry 8, RPL 3) loaded into DS: DPL must be at least both CPL and RPL (CPL 3, RPL 3, DPL 0).',
    );
    assert.equal(e.errorCode, 'GDT entry 8');
    assert.match(e.section!, /^Intel SDM vol\. 3, "Privilege Level Checking When Accessing Data Segments"$/);
    assert.ok(e.facts.includes('selector = 0x43'));
  });

  it('read error codes', () => {
    assert.equal(explainErrorCode(14, 7), 'protection violation, write, user mode');
    assert.equal(explainErrorCode(14, 8), 'page not present, read, supervisor mode, reserved bit set');
    assert.equal(explainErrorCode(13, 0x402), 'IDT entry 128');
    assert.equal(explainErrorCode(10, 0x1d), 'LDT entry 3, while delivering an event from outside the program');
    assert.equal(explainErrorCode(8, 0), 'no selector');
  });

  it('name every kind of descriptor', () => {
    assert.equal(kindName(0x0c), '32-bit call gate');
    assert.equal(kindName(0x17), 'writable expand-down data segment');
    assert.equal(kindName(0x1d), 'execute-only conforming code segment');
    for (let kind = 0; kind < 32; kind++) assert.ok(kindName(kind).length >= 3);
  });
});
