// Mocha's spec reporter that also leaves its counts, and the names of tests that did not run, in a file:
// --reporter scripts/lib/reporter.cjs --reporter-option tally=FILE
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

/** @typedef {{ passed: number, failed: number, skipped: string[] }} Tally */

module.exports = class extends reporters.Spec {
  /** @param {import('mocha').Runner} runner @param {import('mocha').MochaOptions} options */
  constructor(runner, options) {
    super(runner, options);
    /** @type {string[]} */
    const skipped = [];
    runner.on(Runner.constants.EVENT_TEST_PENDING, (test) => skipped.push(test.fullTitle()));
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures } = /** @type {import('mocha').Stats} */ (runner.stats);
      /** @type {Tally} */
      const tally = { passed: passes, failed: failures, skipped };
      writeFileSync(options.reporterOptions.tally, JSON.stringify(tally));
    });
  }
};
