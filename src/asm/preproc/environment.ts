// `%!NAME`: environment variables that the caller provides.
import { fromByteString } from '../text/bytes';
import type { Token } from '../token/token';
import type { PreprocessorState } from './state';

/** `%!NAME` as text; empty with a warning when there is no such variable. */
export function environmentText(state: PreprocessorState, token: Token, bytes: string): string {
  const name = fromByteString(bytes);
  const value = state.host.environment[name];
  if (value === undefined) state.warn('pp-environment', `nonexistent environment variable \`${name}'`, token);
  return value ?? '';
}
