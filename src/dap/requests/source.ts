// `source`: the text of a file of the program, for clients that cannot open it themselves.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { sameFile } from '../../base/paths';
import { sourceUnknown } from '../errors';
import { request } from '../handler';

export const source = request<DebugProtocol.SourceArguments>({
  command: 'source',
  async handle(session, args) {
    const { files } = session.get('source');
    const path = args.source?.path;
    const known = typeof path === 'string' ? files.find((file) => sameFile(file, path)) : undefined;
    const bytes = known === undefined ? undefined : await session.host.files.read(known);
    if (!bytes) throw sourceUnknown(path ?? `source reference ${args.sourceReference}`);
    return { content: new TextDecoder().decode(bytes), mimeType: 'text/x-asm' };
  },
});
