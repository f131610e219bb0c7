// `loadedSources`: the files that the program was assembled from.

import { request } from '../handler';

export const loadedSources = request<unknown>({
  command: 'loadedSources',
  capabilities: { supportsLoadedSourcesRequest: true },
  handle(session) {
    const { debug } = session.get('loadedSources');
    return { sources: (debug.program?.map?.files() ?? []).map((path) => session.source(path)) };
  },
});
