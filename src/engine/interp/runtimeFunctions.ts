// What handlers call, as imports of the modules they are in.

/** Function indices of what handlers call, in the module being built. */
export interface RuntimeFunctions {
  /** (P, B, size | segment << 8, offset) -> value; S_FAULTED. 8-byte values in S_SCRATCH. */
  loadSlow: number;
  /** (P, B, size | segment << 8, offset, value); S_FAULTED. */
  storeSlow: number;
  /** (P, B, size | segment << 8, offset) -> host address, or 0 with the value in S_SCRATCH; S_FAULTED. */
  modifySlow: number;
  /** (linear, TLB entry, size) -> host address of an access to a page with decoded code, 0 when it touches some. */
  besideCode: number;
  /** The same three for 64-bit code: the offset is an i64. */
  loadLong: number;
  storeLong: number;
  modifyLong: number;
  /** (P, B, function, argument) -> 1 with a fault in cpu.fault; operands and result in V_A and so on. */
  vector: number;
  /** (P, B) -> next record, bit 0 = leave, 0 = jump to S_RIP. */
  system: number;
  /** (P, B, port | size << 16) -> value. */
  portIn: number;
  /** (P, B, port | size << 16, value). */
  portOut: number;
}
