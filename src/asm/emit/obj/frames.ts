// Frames of external names in OMF objects: from `extern name:wrt frame`, or the segment in which a 32-bit program declares them
// (NASM manual, "obj Extensions to the EXTERN Directive").
import type { Token } from '../../token/token';
import type { AssemblyState } from '../state';

export function declareFrame(state: AssemblyState, name: string, attributes: string | undefined, token: Token): void {
  const { obj, labels } = state;
  const label = labels.labels.get(name);
  if (!label || (!label.external && label.type !== 'common')) return;
  const [, written] = /(?:^|:)\s*wrt\s+([^:]*)/i.exec(attributes ?? '') ?? [];
  if (written === undefined) {
    const { current } = obj;
    if (current?.obj?.use32) obj.frames.set(label.segment, current.obj.group ?? current);
    return;
  }
  const wanted = written.trim();
  const frame = obj.segments.find((section) => section.name === wanted) ?? obj.groupNamed(wanted);
  if (frame) obj.frames.set(label.segment, frame);
  else if (state.final) state.error(`default WRT specification for external \`${name}' unresolved`, token);
}
