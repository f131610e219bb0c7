// What the processor needs from the board: physical memory that is not plain RAM, I/O ports, and the interrupt controller.

/** What the processor itself does to its local APIC. */
export interface LocalApicPort {
  /** What IA32_APIC_BASE says: address of the registers, bits 11 and 10 (x2APIC mode). */
  readonly base: number;
  readonly enabled: boolean;
  readonly extended: boolean;
  /** False when there is no such change of mode. */
  configure(base: number, enabled: boolean, extended: boolean): boolean;
  /** The registers of x2APIC mode by number: undefined where there is nothing to read, and why a write is refused. */
  readMsr(number: number): bigint | undefined;
  writeMsr(number: number, value: bigint): 'absent' | 'read-only' | 'reserved' | undefined;
  /** CR8. */
  taskPriorityClass: number;
}

export interface Bus {
  /**
   * Offset in linear memory of the host copy of the 4 KB page at this physical address (page-aligned, unsigned), or -1 when every access needs the board
   * (MMIO, holes). Below 640 KB, and from 1 MB to the end of RAM, it is RAM_BASE + physicalPage: the engine takes that for
   * granted. `write`: ROM gives its offset for reads and -1 for writes. The address has A20 applied.
   */
  hostPage(physicalPage: number, write: boolean): number;
  /** Physical access to what is not plain memory (MMIO, ROM writes, holes): `size` 1, 2 or 4, never crossing a 4 KB page. */
  read(physical: number, size: number): number;
  write(physical: number, size: number, value: number): void;
  /**
   * A write there may have effects on processors and time at once: the engine executes such an instruction by itself, so that they come at
   * the next boundary. Absent on boards without such registers.
   */
  isRegister?(physical: number): boolean;
  /** Registers lie where `hostPage` is otherwise taken for granted. */
  readonly registersInMemory?: boolean;
  in(port: number, size: number): number;
  out(port: number, size: number, value: number): void;
  /** Undefined when the processor has none. */
  readonly localApic?: LocalApicPort | undefined;
  /** A new number of 64 bits, for RDRAND and RDSEED. Absent on boards that have none to give. */
  random?(): bigint;
  /** INTA cycle: the vector of the highest pending request. */
  acknowledge(): number;
  /** The private firmware instruction; only reached from firmware ROM. Returns a SysResult. */
  firmwareCall(service: number): number;
  /** The processor enters or leaves system management mode: SMRAM may appear or disappear. */
  systemManagementChanged?(): void;
  /**
   * FERR#: an unmasked x87 exception is pending while CR0.NE is clear, or no more. Absent on boards without the wiring.
   */
  numericError?(active: boolean): void;
  /** IGNNE#: x87 instructions go on in spite of the pending exception. */
  ignoreNumericError?(): boolean;
}
