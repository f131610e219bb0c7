// `ringside/assemble`: assembles a source without starting it.

import { assembleFile } from '../../debugger/load/build';
import { LoadError } from '../../debugger/load/loadError';
import { toBase64 } from '../base64';
import type { AssembleArguments, AssembleResponse } from '../customTypes';
import { diagnosticsBody } from '../diagnosticsBody';
import { launchFailed } from '../errors';
import { request } from '../handler';
import { checkLaunch } from '../launchAttributes';

export const assemble = request<AssembleArguments>({
  command: 'ringside/assemble',
  async handle(session, args): Promise<AssembleResponse> {
    const { path, ...rest } = args;
    const { guest } = checkLaunch({ ...rest, program: path }, session.host.folder, session.host.unixTime());
    try {
      const result = await assembleFile(guest.program, session.host.files, guest);
      return { ok: result.ok, bytes: toBase64(result.bytes), ...diagnosticsBody(result) };
    } catch (error) {
      throw error instanceof LoadError ? launchFailed(error.message) : error;
    }
  },
});
