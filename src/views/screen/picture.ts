// From a frame's palette indices to the pixels of a canvas, and the size at which to show them.
import type { Frame } from './protocol';

/** RGBA bytes of a frame. */
export const rgbaOf = (frame: Frame): Uint8ClampedArray<ArrayBuffer> => {
  const indices = atob(frame.pixels);
  const colors = new Uint32Array(256).fill(0xff000000);
  // little-endian words: A B G R
  frame.palette.forEach((rgb, i) => {
    colors[i] = (0xff000000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >>> 16)) >>> 0;
  });
  const words = new Uint32Array(frame.width * frame.height);
  const n = Math.min(words.length, indices.length);
  for (let i = 0; i < n; i++) words[i] = colors[indices.charCodeAt(i)]!;
  return new Uint8ClampedArray(words.buffer);
};

export type Zoom = 'fit' | number;

/**
 * Size on the screen in CSS pixels. `fit` takes the largest whole factor (in device pixels, so that every guest pixel is
 * equally large), or shrinks evenly when not even factor 1 has room.
 */
export const shownSize = (
  frame: { width: number; height: number; pixelAspect?: number },
  room: { width: number; height: number },
  zoom: Zoom,
  devicePixels: number,
): { width: number; height: number } => {
  const aspect = frame.pixelAspect ?? 1;
  const most = Math.min(room.width / frame.width, room.height / (frame.height * aspect)) * devicePixels;
  const factor = zoom === 'fit' ? (most >= 1 ? Math.floor(most) : most) : zoom * devicePixels;
  return {
    width: (frame.width * factor) / devicePixels,
    height: (frame.height * aspect * factor) / devicePixels,
  };
};
