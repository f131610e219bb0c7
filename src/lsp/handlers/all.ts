// Every feature the server has.
import type { Handler } from '../handler';

export const HANDLERS: readonly Handler[] = [];
