// Where the beam is at a virtual time: frame and line times follow from the CRT controller and the dot clock.

import { rasterOf, type VgaRegisters } from './registers';

const DOT_CLOCKS = [25_175_000, 28_322_000] as const;

/** Bits of input status register 1 that depend on the beam. */
export const DISPLAY_OFF = 1;
export const VERTICAL_RETRACE = 8;

const lineTime = (registers: VgaRegisters): number => {
  const { misc, sequencer } = registers;
  const dots = (sequencer[1] & 1 ? 8 : 9) * (sequencer[1] & 8 ? 2 : 1);
  const clock = DOT_CLOCKS[(misc >> 2) & 1];
  return (rasterOf(registers).horizontalTotal * dots * 1e9) / clock;
};

/** Time of a whole frame in nanoseconds. */
export const frameTime = (registers: VgaRegisters): number => lineTime(registers) * rasterOf(registers).verticalTotal;

export const beamStatus = (registers: VgaRegisters, now: number): number => {
  const raster = rasterOf(registers);
  const line = (now % frameTime(registers)) / lineTime(registers);
  const row = Math.floor(line);
  const character = (line - row) * raster.horizontalTotal;
  const shown = row < raster.verticalDisplay && character < raster.horizontalDisplay;
  const retrace = row >= raster.retraceStart && row < raster.retraceStart + raster.retraceLines;
  return (shown ? 0 : DISPLAY_OFF) | (retrace ? VERTICAL_RETRACE : 0);
};
