// Numbers and bytes as they are shown.

export const hex = (value: bigint | number, digits = 0): string => {
  const number = BigInt(value);
  const magnitude = (number < 0n ? -number : number).toString(16).toUpperCase().padStart(digits, '0');
  return `${number < 0n ? '-' : ''}0x${magnitude}`;
};

export const hexBytes = (bytes: Uint8Array, most = Infinity): string => {
  const shown = [...bytes.subarray(0, most)].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
  return bytes.length > most ? `${shown} …` : shown;
};

export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** Binary digits in groups of four. */
export const binary = (value: bigint): string => {
  const digits = value.toString(2);
  const width = Math.max(4, Math.ceil(digits.length / 4) * 4);
  return digits.padStart(width, '0').replace(/(?=(?:.{4})+$)(?!^)/g, '_');
};
