// What the layers above may know of the processor: names of exceptions, faults in words, the transition log's shapes.
export { EXCEPTIONS, exceptionMnemonic, type ExceptionName } from '../cpu/exceptionNames';
export { explainFault, explainShutdown, type FaultExplanation } from '../cpu/explain';
export type { Fault } from '../cpu/fault';
export { transitionEvent, type TransitionEvent } from '../cpu/transitionEvent';
export { TRANSITION_KINDS, type Transition, type TransitionLog } from '../cpu/transitions';
export { canonical, hexLinear, pageOf } from '../cpu/linear';
export type { PageWalk, PageWalkEntry } from '../cpu/pageWalk';
