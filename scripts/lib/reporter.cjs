// Mocha's spec reporter that also leaves its counts by test file, and the names of tests that did not run, in a file:
// --reporter scripts/lib/reporter.cjs --reporter-option tally=FILE
const { writeFileSync } = require('node:fs');
const path = require('node:path');
const { reporters, Runner } = require('mocha');

/** @typedef {{ passed: number, failed: number, skipped: string[] }} Count */
/** @typedef {Record<string, Count>} Tally by the test file's path below the working directory */

module.exports = class extends reporters.Spec {
  /** @param {import('mocha').Runner} runner @param {import('mocha').MochaOptions} options */
  constructor(runner, options) {
    super(runner, options);
    /** @type {Tally} */
    const tally = {};
    const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_RUN_END } = Runner.constants;
    /** @param {import('mocha').Runnable} test */
    const count = (test) => {
      const file = path.relative('', test.file ?? test.parent?.file ?? '');
      return (tally[file] ??= { passed: 0, failed: 0, skipped: [] });
    };
    runner.on(EVENT_TEST_PASS, (test) => count(test).passed++);
    runner.on(EVENT_TEST_FAIL, (test) => count(test).failed++);
    runner.on(EVENT_TEST_PENDING, (test) => count(test).skipped.push(test.fullTitle()));
    runner.once(EVENT_RUN_END, () => writeFileSync(options.reporterOptions.tally, JSON.stringify(tally)));
  }
};
