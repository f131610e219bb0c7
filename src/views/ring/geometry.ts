// Where things are in the chart, in CSS pixels.
import { LANES, type Lane } from './protocol';

/** Room for the lanes' names, the strip of marks below the lanes, and the axis. */
const LABELS = 58;
const RIGHT = 10;
const STRIP = 12;
const AXIS = 20;
const LANE_MIN = 11;
const LANE_MAX = 64;

export interface Geometry {
  width: number;
  height: number;
  /** Left edge and width of the plot. */
  left: number;
  plot: number;
  laneHeight: number;
  /** Top and height of the strip of marks, and the axis' line. */
  stripTop: number;
  stripHeight: number;
  axis: number;
  /** Middle of a lane, or of the row of one of several processors in it. */
  y(lane: Lane, row?: number): number;
  /** Height of a row. */
  rowHeight: number;
}

/** Fits the lanes into the room there is; with too little, the chart is higher than the room and scrolls. */
export const geometryOf = (width: number, room: number, rows = 1): Geometry => {
  const laneHeight = Math.min(LANE_MAX, Math.max(LANE_MIN, Math.floor((room - STRIP - AXIS) / LANES.length)));
  const lanes = laneHeight * LANES.length;
  const rowHeight = laneHeight / rows;
  return {
    width,
    height: lanes + STRIP + AXIS,
    left: LABELS,
    plot: Math.max(60, width - LABELS - RIGHT),
    laneHeight,
    stripTop: lanes + 3,
    stripHeight: STRIP - 4,
    axis: lanes + STRIP,
    rowHeight,
    y: (lane, row) => LANES.indexOf(lane) * laneHeight + (row === undefined ? laneHeight / 2 : (row + 0.5) * rowHeight),
  };
};
