// Processor models: what CPUID announces is there, and nothing is there that it does not announce.
import assert from 'node:assert/strict';
import { cpuidAnswer } from '../../src/cpu/cpuid';
import { FEATURE_BITS } from '../../src/cpu/features';
import { MODELS, type CpuModel } from '../../src/cpu/models';
import { SYS_ROUTINES } from '../../src/cpu/routines';
import { LOWERINGS } from '../../src/engine/lower';
import { hasForm } from '../../src/isa/generations';
import { ROWS } from '../../src/isa/table';
import { TestMachine } from './testMachine';

const NAMES = Object.keys(MODELS) as CpuModel[];
/** Feature names without a CPUID bit of their own: what follows from the generation. */
const UNANNOUNCED = new Set(['rdpmc', 'ringside']);

describe('processor models', () => {
  it('have semantics for every form of their features', () => {
    for (const name of NAMES) {
      const { generation, features } = MODELS[name];
      const missing = new Set<string>();
      for (const row of ROWS) {
        if (!hasForm(row, generation, features)) continue;
        if (LOWERINGS[row.sem] === undefined && SYS_ROUTINES[row.sem] === undefined) missing.add(row.sem);
      }
      assert.deepEqual([...missing], [], name);
    }
  });

  it('use feature names that CPUID knows', () => {
    for (const name of NAMES) {
      for (const feature of MODELS[name].features) {
        assert.ok(FEATURE_BITS.has(feature) || UNANNOUNCED.has(feature), `${name}: ${feature}`);
      }
    }
    for (const { cpu } of ROWS) {
      if (cpu === undefined || /^\d+$/.test(cpu)) continue;
      for (const part of cpu.split('+')) {
        assert.ok(FEATURE_BITS.has(part) || UNANNOUNCED.has(part), `no CPUID bit is named ${part}`);
      }
    }
  });

  it('announce their features at the places of the manual', () => {
    const { cpu } = new TestMachine();
    cpu.model = 'pentium';
    assert.deepEqual(cpuidAnswer(cpu, 1, 0), [0x526, 0, 0, 0x1bf]);
    assert.deepEqual(cpuidAnswer(cpu, 0x80000000, 0), cpuidAnswer(cpu, 1, 0));
    const at = (name: string): string => {
      const bit = FEATURE_BITS.get(name)!;
      return `${bit.leaf.toString(16)}.${bit.subleaf}.${bit.register}.${bit.bit}`;
    };
    assert.deepEqual(
      ['cx8', 'sep', 'cmov', 'clfsh', 'mmx', 'sse2', 'fma', 'cx16', 'sse4.2', 'popcnt', 'aes', 'xsave', 'f16c'].map(at),
      [
        ...['1.0.edx.8', '1.0.edx.11', '1.0.edx.15', '1.0.edx.19', '1.0.edx.23', '1.0.edx.26', '1.0.ecx.12'],
        ...['1.0.ecx.13', '1.0.ecx.20', '1.0.ecx.23', '1.0.ecx.25', '1.0.ecx.26', '1.0.ecx.29'],
      ],
    );
    assert.deepEqual(
      ['bmi1', 'avx2', 'bmi2', 'rdseed', 'smap', 'clwb', 'sha', 'umip', 'rdpid', 'lm', 'nx', 'rdtscp', 'lzcnt'].map(at),
      [
        ...['7.0.ebx.3', '7.0.ebx.5', '7.0.ebx.8', '7.0.ebx.18', '7.0.ebx.20', '7.0.ebx.24', '7.0.ebx.29'],
        ...['7.0.ecx.2', '7.0.ecx.22', '80000001.0.edx.29', '80000001.0.edx.20', '80000001.0.edx.27'],
        '80000001.0.ecx.5',
      ],
    );
  });

  it('name themselves', () => {
    const { cpu } = new TestMachine();
    cpu.model = 'x86-64';
    const text = (...words: number[]): string =>
      words.map((w) => String.fromCharCode(w & 255, (w >> 8) & 255, (w >> 16) & 255, w >>> 24)).join('');
    const [, b, c, d] = cpuidAnswer(cpu, 0, 0);
    assert.equal(text(b, d, c), 'GenuineIntel');
    const brand = [2, 3, 4].map((n) => text(...cpuidAnswer(cpu, 0x80000000 + n, 0))).join('');
    assert.match(brand, /^Ringside [ -~]+\0*$/);
    assert.equal(brand.length, 48);
    assert.equal(cpuidAnswer(cpu, 1, 0)[2] >>> 31, 0, 'no hypervisor');
    const cache = cpuidAnswer(cpu, 4, 0);
    assert.equal(((cache[1] >>> 22) + 1) * ((cache[1] & 0xfff) + 1) * (cache[2] + 1), 32 << 10);
    assert.equal(cpuidAnswer(cpu, 4, 4)[0] & 31, 0);
    assert.deepEqual(cpuidAnswer(cpu, 0x40000000, 0), cpuidAnswer(cpu, 0xd, 0));
  });
});
