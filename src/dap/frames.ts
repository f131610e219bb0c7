// Stack frames in the protocol's words, with a label between two frames that a ring, mode or interrupt separates.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Debugger } from '../debugger/debugger';
import type { Frame } from '../debugger/stack/frame';
import { farText } from '../debugger/text';
import { referenceOf } from './addresses';
import type { Session } from './session';

const FIRMWARE = 0xe0000;
const MEGABYTE = 0x100000;

/** All frames of the stop, innermost first. Labels have identifiers that no scope belongs to. */
export function frameBodies(session: Session, debug: Debugger): DebugProtocol.StackFrame[] {
  const frames = debug.stack();
  let label = LABELS;
  const { processor } = debug.target;
  return frames.flatMap((frame, index) => {
    const body = frameBody(session, debug, frame, index);
    if (frame.boundary === undefined) return [body];
    const id = session.handles.frameId(label++, processor);
    return [{ id, name: frame.boundary, line: 0, column: 0, presentationHint: 'label' as const }, body];
  });
}

/** Frame numbers from here on are labels. */
const LABELS = 500;

export const isLabel = (session: Session, id: number): boolean => (session.handles.frame(id)?.index ?? 0) >= LABELS;

function frameBody(session: Session, debug: Debugger, frame: Frame, index: number): DebugProtocol.StackFrame {
  const at = farText(frame.cs.selector, frame.ip, frame.bits);
  const offset = frame.bits === 64 ? frame.lookup : (frame.lookup - frame.cs.base) >>> 0;
  const location = debug.code.locate(frame.lookup, offset);
  const label = debug.code.labelAt(frame.lookup, offset);
  const common = {
    id: session.handles.frameId(index, debug.target.processor),
    instructionPointerReference: referenceOf(frame.linear),
    moduleId: 1,
  };
  if (!location && label)
    return { ...common, name: `${debug.labelText(frame.lookup, offset)} (${at})`, line: 0, column: 0 };
  if (!location) {
    const where = frame.paragraphs && frame.linear >= FIRMWARE && frame.linear < MEGABYTE ? `${at} (firmware)` : at;
    return { ...common, moduleId: 2, name: where, line: 0, column: 0, presentationHint: 'subtle' };
  }
  return {
    ...common,
    name: label ? `${label.symbol.name} (${at})` : at,
    source: session.source(location.file),
    line: session.toClientLine(location.line),
    column: session.toClientColumn(location.column),
  };
}
