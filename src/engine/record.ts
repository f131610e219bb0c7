// The decoded record: 32 bytes per guest instruction in linear memory, read by every handler of the interpreter tier.
// Block = consecutive records, closed by a record that jumps or by a GOTO. Two fields are overlaid: a displacement and the
// first link never occur together, nor do an immediate and the second link.

export const RECORD_BYTES = 32;
export const R_HANDLER = 0; // u16, index into the main loop's table; the control point (breakpoints, invalidation are patched here)
export const R_ORIGINAL = 2; // u16, the handler before patching
export const R_COLD = 4; // u16, table index of the form's function, 0 until it is needed
export const R_LENGTH = 6; // u8, instruction bytes; 0 in GOTO and stub records
export const R_LEFT = 7; // u8, instructions from here to the end of the block, this one included
export const R_REG0 = 8; // u16, state offset of the first register operand
export const R_REG1 = 10; // u16, of the second
export const R_BASE = 12; // u16, state offset of the base register (S_ZERO when absent)
export const R_INDEX = 14; // u16
export const R_DISP = 16; // i32
export const R_LINK0 = 16; // i32, record of the branch target
export const R_IMM = 20; // i32
export const R_LINK1 = 20; // i32, record of the fall-through
export const R_IP = 24; // u32, offset of the instruction in CS
export const R_SCALE = 28; // u8, shift count of the index
export const R_SEG = 30; // u16, state offset of the segment cache of the memory operand

// Handlers with a fixed meaning, before the ones generated from forms.
export const H_RESOLVE = 0; // no code here (any more): leave and look the address up again
export const H_STOP = 1; // end of a single-stepped record
export const H_GOTO = 2; // go to link 0
export const H_LOOKUP = 3; // go to the address in R_IP through the jump cache
export const H_BREAK = 4; // breakpoint: leave before the instruction
export const H_VOLATILE = 5; // the instruction's bytes are rewritten often: see volatileLayout.ts
export const FIXED_HANDLERS = 6;

// Why the loop left (S_EXIT).
export const X_BUDGET = 1; // the next block does not fit into the slice
export const X_RESOLVE = 2;
export const X_JUMP = 3; // S_RIP holds a target that is not in the jump cache
export const X_FAULT = 4; // cpu.fault is set
export const X_STOP = 5;
export const X_BREAK = 6;
export const X_RAISE = 7; // S_RAISE holds a vector without further facts
export const X_ATTENTION = 8; // a routine asked to leave at this boundary
export const X_REPEAT = 9; // a repeated instruction starts again; charged if a chunk of its repetitions ended

/** Field of the n-th register operand: the third and fourth use what a memory operand, or else an immediate, would. */
export const registerField = (n: number, memory: boolean): number =>
  n === 0 ? R_REG0 : n === 1 ? R_REG1 : memory ? R_IMM : n === 2 ? R_BASE : R_INDEX;

/** Iterations of a repeated string instruction that are charged as an instruction. */
export const CHUNK = 1024;
