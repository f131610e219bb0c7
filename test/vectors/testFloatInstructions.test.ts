// Berkeley TestFloat's vectors as instructions of a guest, where they lie beside the checkout (../shared/testfloat). The exact
// arithmetic behind them is compared by testfloat.test.ts and test/cpu/softFloat.test.ts without a guest. A part of the vectors, so
// that it stays short; `npm run conformance -- testfloat` replays all.
import assert from 'node:assert/strict';
import { vectorFiles } from './testFloat/files';
import { FloatReplay } from './testFloat/replay';

const STEP = 5;

describe('Berkeley TestFloat as instructions', () => {
  const files = vectorFiles();
  const replay = new FloatReplay();
  if (files.length === 0) it('has no vectors here', function () { this.skip(); }); // prettier-ignore
  for (const file of files) {
    it(`${file.name} ${file.rounding}`, () => {
      const replayed = replay.run(file, STEP);
      assert.ok(replayed, 'there is an instruction for it');
      const { passed, wrong } = replayed;
      assert.ok(passed + wrong.length > 20, `${passed + wrong.length} vectors`);
      assert.deepEqual(wrong.slice(0, 10), [], `${wrong.length} of ${passed + wrong.length}`);
    });
  }
});
