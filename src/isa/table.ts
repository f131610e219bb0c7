// The instruction table: every form of every family, in one array whose indices are stable within a build.
import { ABSENT, ABSENT_DOCS } from './instructions/absent';
import { ARITHMETIC, ARITHMETIC_DOCS } from './instructions/arithmetic';
import { AVX_DOCS, AVX_ROWS } from './instructions/avx';
import { BMI_DOCS, BMI_ROWS } from './instructions/bmi';
import { CONTROL, CONTROL_DOCS } from './instructions/control';
import { EXTENSIONS, EXTENSIONS_DOCS } from './instructions/extensions';
import { FLAGS, FLAGS_DOCS } from './instructions/flags';
import { LOGIC_DOCS, LOGIC_ROWS } from './instructions/logic';
import { MMX_DOCS, MMX_ROWS } from './instructions/mmx';
import { MOVE, MOVE_DOCS } from './instructions/move';
import { SSE_DOCS, SSE_ROWS } from './instructions/sse';
import { SSE4_DOCS, SSE4_ROWS } from './instructions/sse4';
import { SSE4A_DOCS, SSE4A_ROWS } from './instructions/sse4a';
import { STACK, STACK_DOCS } from './instructions/stack';
import { STRING, STRING_DOCS } from './instructions/string';
import { SYSTEM, SYSTEM_DOCS } from './instructions/system';
import { VIRTUALIZATION, VIRTUALIZATION_DOCS } from './instructions/virtualization';
import { X87, X87_DOCS } from './instructions/x87';
import { CONDITION_NAMES } from './instructions/row';
import { conditionText } from './conditions';
import type { Row } from './types';

const DOCS: Readonly<Record<string, string>> = {
  ...MMX_DOCS,
  ...SSE_DOCS,
  ...SSE4_DOCS,
  ...SSE4A_DOCS,
  ...BMI_DOCS,
  ...AVX_DOCS,
  ...ARITHMETIC_DOCS,
  ...LOGIC_DOCS,
  ...MOVE_DOCS,
  ...STACK_DOCS,
  ...CONTROL_DOCS,
  ...STRING_DOCS,
  ...FLAGS_DOCS,
  ...SYSTEM_DOCS,
  ...VIRTUALIZATION_DOCS,
  ...X87_DOCS,
  ...EXTENSIONS_DOCS,
  ...ABSENT_DOCS,
};

function describe(row: Row): Row {
  if (row.cc === undefined) return { ...row, doc: DOCS[row.mn] };
  const suffix = CONDITION_NAMES[row.cc]!.find(
    (name) => row.mn.endsWith(name) && row.mn.slice(0, -name.length) in DOCS,
  )!;
  const base = DOCS[row.mn.slice(0, -suffix.length)]!;
  return { ...row, doc: `${base} Condition: ${conditionText(row.cc)}.` };
}

export const ROWS: readonly Row[] = [
  ...ARITHMETIC,
  ...LOGIC_ROWS,
  ...MOVE,
  ...STACK,
  ...CONTROL,
  ...STRING,
  ...FLAGS,
  ...SYSTEM,
  ...X87,
  ...EXTENSIONS,
  ...MMX_ROWS,
  ...SSE_ROWS,
  ...SSE4_ROWS,
  ...SSE4A_ROWS,
  ...BMI_ROWS,
  ...AVX_ROWS,
  ...VIRTUALIZATION,
  ...ABSENT,
].map(describe);
