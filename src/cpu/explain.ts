// Faults in plain words for the debugger: what was raised, why, the facts, where the manual says so.
import { hex0x } from '../base/bits';
import { EXCEPTIONS, exceptionMnemonic } from './exceptionNames';
import { EXPLANATIONS } from './explanations';
import type { Fault } from './fault';
import { hexLinear } from './linear';
import { DF_, PFV } from './layout';

export interface FaultExplanation {
  /** `#GP(0x10) general protection`. */
  title: string;
  /** One sentence on the check that failed. */
  reason: string;
  /** What the error code says, when there is one. */
  errorCode: string | undefined;
  /** The numbers behind the check, one `name = value` each. */
  facts: string[];
  /** Where Intel's manual describes it; undefined for Ringside's own rules. */
  section: string | undefined;
}

export function explainFault(fault: Fault): FaultExplanation {
  const known = EXCEPTIONS[fault.vector];
  const code = fault.errorCode;
  const explanation = EXPLANATIONS[fault.reason.check];
  return {
    title: `${exceptionMnemonic(fault.vector)}${code === undefined ? '' : `(${hex0x(code)})`}${known ? ` ${known.name}` : ''}`,
    reason: explanation?.text(fault.reason.data) ?? fault.reason.check.replaceAll('-', ' '),
    errorCode: code === undefined ? undefined : explainErrorCode(fault.vector, code),
    facts: Object.entries(fault.reason.data).map(
      ([name, value]) => `${name} = ${typeof value === 'number' ? factText(value) : String(value)}`,
    ),
    section:
      explanation === undefined || explanation.section === 'none' ? undefined : `Intel SDM ${explanation.section}`,
  };
}

/** Small numbers in decimal; negative ones are addresses of the upper half. */
const factText = (value: number): string =>
  value < 0 ? `0x${hexLinear(value)}` : value > 9 ? hex0x(value) : String(value);

/** The error code in words (Intel SDM vol. 3, "Error Code", "Page-Fault Exceptions"). */
export function explainErrorCode(vector: number, code: number): string {
  if (vector === PFV) {
    const parts = [
      (code & 1) !== 0 ? 'protection violation' : 'page not present',
      (code & 16) !== 0 ? 'instruction fetch' : (code & 2) !== 0 ? 'write' : 'read',
      (code & 4) !== 0 ? 'user mode' : 'supervisor mode',
    ];
    if ((code & 8) !== 0) parts.push('reserved bit set');
    return parts.join(', ');
  }
  if (vector === DF_ || code === 0) return 'no selector';
  const where = (code & 2) !== 0 ? `IDT entry ${code >> 3}` : `${(code & 4) !== 0 ? 'LDT' : 'GDT'} entry ${code >> 3}`;
  return (code & 1) !== 0 ? `${where}, while delivering an event from outside the program` : where;
}

/** A shutdown as the chain of exceptions that led to it. */
export const explainShutdown = (cause: readonly Fault[]): string[] =>
  cause.map((fault) => {
    const { title, reason } = explainFault(fault);
    return `${title}: ${reason}`;
  });
