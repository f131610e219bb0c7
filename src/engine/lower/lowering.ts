// The type of a semantic function. Families in this folder export records of them, keyed by the table's `sem` names.
import type { Emit } from '../emit';

export type Lowering = (c: Emit) => void;
