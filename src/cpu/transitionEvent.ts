// A log entry in the JSON shape of `ringside run --events`: one object per privilege transition.
import { hexLinear } from './linear';
import type { ModeName } from './modes';
import type { Transition, TransitionKind, TransitionSide } from './transitions';

export interface EventSide {
  cpl: number;
  mode: ModeName;
  cs: number;
  /** A number; in the upper half of the address space a string of 16 hexadecimal digits behind 0x. */
  rip: number | string;
  ss: number;
  rsp: number | string;
}

export interface TransitionEvent {
  icount: number;
  kind: TransitionKind;
  vector?: number;
  /** Number of the processor, where there are several. */
  processor?: number;
  from: EventSide;
  to: EventSide;
  via: { gate?: number; tss?: number; errorCode?: number };
}

const address = (linear: number): number | string => (linear < 0 ? `0x${hexLinear(linear)}` : linear);

const side = ({ cpl, mode, cs, rip, ss, rsp }: TransitionSide): EventSide => ({
  cpl,
  mode,
  cs,
  rip: address(rip),
  ss,
  rsp: address(rsp),
});

export function transitionEvent(t: Transition): TransitionEvent {
  return {
    icount: t.icount,
    kind: t.kind,
    ...(t.vector === undefined ? {} : { vector: t.vector }),
    ...(t.processor === undefined ? {} : { processor: t.processor }),
    from: side(t.from),
    to: side(t.to),
    via: {
      ...(t.gate === undefined ? {} : { gate: t.gate }),
      ...(t.tss === undefined ? {} : { tss: t.tss }),
      ...(t.errorCode === undefined ? {} : { errorCode: t.errorCode }),
    },
  };
}
