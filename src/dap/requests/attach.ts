// `attach`: there is nothing to attach to; the machine is made by `launch`.

import { request } from '../handler';
import { launchFailed } from '../errors';

export const attach = request<unknown>({
  command: 'attach',
  handle() {
    throw launchFailed('Ringside starts its own machine: use "request": "launch" instead of "attach".');
  },
});
