// `modules`: the program, and the firmware.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { countOf } from '../arguments';
import { request } from '../handler';

export const modules = request<DebugProtocol.ModulesArguments>({
  command: 'modules',
  capabilities: { supportsModulesRequest: true },
  handle(session, args) {
    const { debug, args: launch } = session.get('modules');
    const { program } = debug;
    const source = program?.map !== undefined;
    const all: DebugProtocol.Module[] = [
      {
        id: 1,
        name: program?.name ?? 'program',
        path: launch.program,
        isUserCode: true,
        symbolStatus: source ? 'Symbols loaded' : 'No symbols',
        addressRange: '0x7c00',
      },
      {
        id: 2,
        name: launch.bios && launch.bios !== 'builtin' ? launch.bios : 'firmware',
        isUserCode: false,
        symbolStatus: 'No symbols',
        addressRange: '0xe0000-0xfffff',
      },
    ];
    const start = countOf('modules', args, 'startModule', 1e6, 0);
    const count = countOf('modules', args, 'moduleCount', 1e6, 0) || all.length;
    return { modules: all.slice(start, start + count), totalModules: all.length };
  },
});
