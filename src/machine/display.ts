// What the layers above may know of the display: a frame as plain data, its text, its pixels.
export { CP437 } from '../devices/vga/cp437';
export { renderRgba, textOf, type Frame, type GraphicsFrame, type TextFrame } from '../devices/vga/frame';
