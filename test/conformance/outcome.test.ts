// How the results of public suites are read from what their guests print.
import assert from 'node:assert/strict';
import { kvmOutcome, test386Outcome } from './suites/outcome';

const none = { codes: new Uint8Array(), timedOut: false, status: undefined };

describe('Results of public suites', () => {
  it('of kvm-unit-tests are counted by check; a crash, a failure or a silent end is no pass', () => {
    const of = (output: string, more: object = {}): string => {
      const { verdict, passed, failed, skipped } = kvmOutcome({ output, ...none, ...more });
      return [verdict, passed, failed, skipped].join(' ');
    };
    assert.equal(of('PASS: a\r\nPASS: b\r\nSUMMARY: 2 tests\r\n', { status: 0 }), 'passed 2 0 0');
    assert.equal(of('PASS: a\nFAIL: b\n', { status: 1 }), 'failed 1 1 0');
    assert.equal(of('PASS: a\nUnhandled exception 6 #UD(0) at ip 1\n', { status: 63 }), 'failed 1 0 0');
    assert.equal(of('SKIP: x\n', { status: 77 }), 'skipped 0 0 1');
    assert.equal(of('PASS: a\n', { timedOut: true }), 'timeout 1 0 0');
    assert.equal(of('', { status: 3 }), 'failed 0 0 0');
    assert.equal(of(''), 'failed 0 0 0');
  });

  it('of test386 need the last POST code and every line of the reference', () => {
    const of = (output: string, codes: number[]): string => {
      const { verdict, passed, failed } = test386Outcome({ output, ...none, codes: Uint8Array.from(codes) }, 'a\nb\n');
      return [verdict, passed, failed].join(' ');
    };
    assert.equal(of('a\r\nb\r\n', [0, 0xee, 0xff]), 'passed 2 0');
    assert.equal(of('a\nc\n', [0xff]), 'failed 1 1');
    assert.equal(of('a\nb\n', [0xee]), 'failed 2 0');
  });
});
