// Makes the flat binary of a finished assembly: places the sections, adds their addresses where they are due.
import { fileImage, layOut, type Layout } from './layout';
import type { Section } from './section';
import type { AssemblyState } from './state';

export interface FlatBinary {
  bytes: Uint8Array;
  layout: Layout;
}

/** Undefined after an error in the placement of sections. */
export function flatBinary(state: AssemblyState): FlatBinary | undefined {
  const layout = layOut(state.sections, state.programOrigin);
  if (!('message' in layout)) return { bytes: image(state, layout), layout };
  state.place = layout.section.declared ?? { at: { file: state.input.file, line: 1 }, stack: [] };
  state.error(layout.message, undefined);
  return undefined;
}

function image(state: AssemblyState, layout: Layout): Uint8Array {
  const address = (segment: number): bigint => {
    const section = state.sectionOf(segment);
    if (!section) return 0n;
    return segment === section.startSegment ? section.start : section.vstart;
  };
  const contents = (section: Section): Uint8Array => {
    const bytes = section.contents.view().slice();
    for (const { at, size, plus, minus } of section.relocations) {
      let value = 0n;
      for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[at + i] ?? 0);
      value += address(plus) - address(minus);
      for (let i = 0; i < size; i++) bytes[at + i] = Number((value >> BigInt(8 * i)) & 0xffn);
    }
    return bytes;
  };
  const bytes = fileImage(layout, contents, state.limits.bytes);
  if (bytes) return bytes;
  state.place = { at: { file: state.input.file, line: 1 }, stack: [] };
  state.error(
    `the file would be larger than ${state.limits.bytes} bytes: check the start addresses of the sections`,
    undefined,
  );
  return new Uint8Array();
}
