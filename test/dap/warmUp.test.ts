// What a waiting worker does to be warm is a whole launch.
import assert from 'node:assert/strict';
import { warmUp } from '../../src/dap/warmUp';

describe('dap: warming up', () => {
  it('assembles a program and runs it to its end', async () => {
    assert.equal((await warmUp()).trim(), 'warm\nb');
  });
});
