// The VGA's register file and what the rest of the model derives from it
// (IBM PS/2 Hardware Interface Technical Reference, "Video Subsystem": sequencer, CRT, graphics, attribute controllers).

export interface VgaRegisters {
  misc: number;
  feature: number;
  enabled: boolean; // port 0x3C3 bit 0
  sequencerIndex: number;
  sequencer: number[]; // 5
  crtcIndex: number;
  crtc: number[]; // 25
  graphicsIndex: number;
  graphics: number[]; // 9
  attributeIndex: number; // with bit 5, palette address source
  attributeData: boolean; // the flip-flop: the next write to 0x3C0 is data
  attribute: number[]; // 21
  dac: number[]; // 256 triples of 6 bits
  dacMask: number;
  dacIndex: number;
  dacPart: number; // 0 red, 1 green, 2 blue
  dacReading: boolean;
}

const zeros = (count: number): number[] => Array<number>(count).fill(0);

export const initialRegisters = (): VgaRegisters => ({
  misc: 0,
  feature: 0,
  enabled: true,
  sequencerIndex: 0,
  sequencer: zeros(5),
  crtcIndex: 0,
  crtc: zeros(25),
  graphicsIndex: 0,
  graphics: zeros(9),
  attributeIndex: 0,
  attributeData: false,
  attribute: zeros(21),
  dac: zeros(768),
  dacMask: 0xff,
  dacIndex: 0,
  dacPart: 0,
  dacReading: false,
});

/** The display as the CRT controller is programmed: counts in character clocks and scan lines. */
export interface Raster {
  horizontalTotal: number;
  horizontalDisplay: number;
  verticalTotal: number;
  verticalDisplay: number;
  retraceStart: number;
  retraceLines: number;
  /** Scan line after which memory restarts at 0 (split screen). */
  lineCompare: number;
  /** Every scan line is shown twice. */
  doubled: boolean;
  /** Scan lines of a character row, before doubling. */
  rowLines: number;
}

export const rasterOf = ({ crtc }: VgaRegisters): Raster => {
  const overflow = crtc[7];
  const bit = (value: number, from: number, to: number): number => ((value >> from) & 1) << to;
  const retraceStart = crtc[0x10] | bit(overflow, 2, 8) | bit(overflow, 7, 9);
  return {
    horizontalTotal: crtc[0] + 5,
    horizontalDisplay: crtc[1] + 1,
    verticalTotal: (crtc[6] | bit(overflow, 0, 8) | bit(overflow, 5, 9)) + 2,
    verticalDisplay: (crtc[0x12] | bit(overflow, 1, 8) | bit(overflow, 6, 9)) + 1,
    retraceStart,
    retraceLines: (crtc[0x11] - retraceStart) & 15 || 16,
    lineCompare: crtc[0x18] | bit(overflow, 4, 8) | bit(crtc[9], 6, 9),
    doubled: (crtc[9] & 0x80) !== 0,
    rowLines: (crtc[9] & 0x1f) + 1,
  };
};

/** Address in a plane for a value of the CRTC's address counter: byte, word or doubleword addressing. */
export const planeAddress = ({ crtc }: VgaRegisters, counter: number): number => {
  if (crtc[0x14] & 0x40) return ((counter << 2) | ((counter >> 14) & 3)) & 0xffff;
  if (crtc[0x17] & 0x40) return counter & 0xffff;
  return ((counter << 1) | ((counter >> (crtc[0x17] & 0x20 ? 15 : 13)) & 1)) & 0xffff;
};

export const isGraphics = ({ graphics }: VgaRegisters): boolean => (graphics[6] & 1) !== 0;

/** DAC index of each attribute-controller colour (0-15): palette, colour select, pixel mask. */
export const attributeColours = ({ attribute, dacMask }: VgaRegisters): number[] =>
  attribute.slice(0, 16).map((entry) => {
    const low = attribute[0x10] & 0x80 ? (entry & 0x0f) | ((attribute[0x14] & 3) << 4) : entry & 0x3f;
    return (low | ((attribute[0x14] & 0x0c) << 4)) & dacMask;
  });

/** The 256 DAC colours as 0xRRGGBB. */
export const dacColours = ({ dac }: VgaRegisters): number[] => {
  const wide = (six: number): number => (six << 2) | (six >> 4);
  return Array.from(
    { length: 256 },
    (_, i) => (wide(dac[3 * i]) << 16) | (wide(dac[3 * i + 1]) << 8) | wide(dac[3 * i + 2]),
  );
};

/** The whole screen is off: sequencer screen-off bit, or the palette given to the processor. */
export const isBlanked = ({ sequencer, attributeIndex }: VgaRegisters): boolean =>
  (sequencer[1] & 0x20) !== 0 || (attributeIndex & 0x20) === 0;
