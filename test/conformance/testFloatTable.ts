// Berkeley TestFloat's vectors, replayed as instructions, counted by operation and format, as a Markdown table.
import { vectorFiles, type VectorFile } from '../vectors/testFloat/files';
import { programOf } from '../vectors/testFloat/programs';
import { FloatReplay } from '../vectors/testFloat/replay';

interface Cell {
  readonly instructions: Set<string>;
  passed: number;
  failed: number;
  roundings: number;
}

const COLUMNS = ['f32', 'f64', 'extF80', 'extF80p64', 'extF80p32', 'i32', 'i64'] as const;
const HEADS = ['binary32', 'binary64', '80-bit', '80-bit at 53 bits', '80-bit at 24 bits', '32-bit integer', '64-bit integer']; // prettier-ignore
const ORDER = ['add', 'sub', 'mul', 'div', 'rem', 'sqrt', 'roundToInt', 'to_f32', 'to_f64', 'to_extF80', 'to_i32', 'to_i64', 'eq', 'eq_signaling', 'lt', 'lt_quiet', 'le', 'le_quiet']; // prettier-ignore

const split = (name: string): [type: string, operation: string] => {
  const at = name.indexOf('_');
  return [name.slice(0, at), name.slice(at + 1)];
};

export class TestFloatTable {
  /** By operation, then by format. */
  private readonly cells = new Map<string, Map<string, Cell>>();
  private readonly without: string[] = [];
  private readonly replay = new FloatReplay();

  run(folder?: string): void {
    for (const file of vectorFiles(folder)) this.count(file);
  }

  private count(file: VectorFile): void {
    const replayed = this.replay.run(file);
    if (!replayed) {
      this.without.push(`${file.name} ${file.rounding}`);
      return;
    }
    const [type, operation] = split(file.name);
    let row = this.cells.get(operation);
    if (!row) this.cells.set(operation, (row = new Map()));
    let cell = row.get(type);
    if (!cell) row.set(type, (cell = { instructions: new Set(), passed: 0, failed: 0, roundings: 0 }));
    cell.instructions.add(programOf(file.name)!.instruction);
    cell.passed += replayed.passed;
    cell.failed += replayed.wrong.length;
    cell.roundings++;
  }

  summary(): string {
    const cells = [...this.cells.values()].flatMap((row) => [...row.values()]);
    const sum = (of: (cell: Cell) => number): number => cells.reduce((total, cell) => total + of(cell), 0);
    const missing = this.without.length === 0 ? '' : `; no instruction for ${this.without.join(', ')}`;
    return `${sum((cell) => cell.passed)} vectors passed, ${sum((cell) => cell.failed)} failed: ${cells.length} functions in ${sum((cell) => cell.roundings)} files, one for each rounding${missing}.`;
  }

  markdown(): string {
    const text = (cell: Cell | undefined): string => {
      if (!cell) return '–';
      const failed = cell.failed === 0 ? '' : `, **${cell.failed} failed**`;
      return `${[...cell.instructions].join(', ')}: ${cell.passed} in ${cell.roundings}${failed}`;
    };
    const rows = [...this.cells]
      .sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b))
      .map(([operation, row]) => `| ${operation} | ${COLUMNS.map((type) => text(row.get(type))).join(' | ')} |`);
    return [`| function | ${HEADS.join(' | ')} |`, `|---|${'---|'.repeat(HEADS.length)}`, ...rows].join('\n');
  }
}
