// A step as a plan: a generator that asks for small pieces of execution and is resumed when each has been done. The
// execution loop (execution.ts) does them in slices, so that a pause or a breakpoint can come in between at any point.

export type StepRequest =
  /** One instruction. */
  | { kind: 'step' }
  /** Until one of these linear addresses, or of these physical ones wherever they are mapped, is about to be executed while `accept` holds. */
  | { kind: 'runTo'; places: ReadonlySet<number>; physical?: ReadonlySet<number>; accept: () => boolean };

/** Ends when the step is complete. */
export type StepPlan = Generator<StepRequest, void, void>;

export type Granularity = 'line' | 'instruction';
