// What travels between I/O APICs and local APICs (Intel SDM vol. 3, "Issuing Interprocessor Interrupts" and "Message Signalled
// Interrupts"; 82093AA datasheet, "I/O Redirection Table Registers": both encode it the same way).

export const FIXED = 0, LOWEST_PRIORITY = 1, SMI = 2, NMI = 4, INIT = 5, STARTUP = 6, EXTINT = 7; // prettier-ignore

/** Destination of everybody, in physical and in logical mode. */
export const BROADCAST = 0xffffffff;
/** A destination of 8 bits, as I/O APICs and local APICs outside x2APIC mode have it. */
export const destinationOf = (byte: number): number => (byte === 0xff ? BROADCAST : byte);

/** An entry of a local vector table or of the I/O APIC that is not masked, and delivered as NMI or SMI. */
export const isUnmaskable = (entry: number): boolean => {
  const mode = (entry >> 8) & 7;
  return (entry & 0x10000) === 0 && (mode === NMI || mode === SMI);
};

export interface ApicMessage {
  /** FIXED to EXTINT. */
  readonly mode: number;
  readonly vector: number;
  readonly levelTriggered: boolean;
  /** False: the de-assert of a level-triggered message (INIT only; ignored since the Pentium 4). */
  readonly assert: boolean;
  readonly logical: boolean;
  /** 32 bits. */
  readonly destination: number;
}
