// Entry point in the browser's web worker extension host.
import type { ExtensionContext } from 'vscode';
import { activateRingside } from './activateRingside';
import { webHost } from './webHost';

export const activate = (context: ExtensionContext): void => activateRingside(context, webHost);
