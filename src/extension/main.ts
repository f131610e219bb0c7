// Entry point in the desktop's (or a remote's) Node extension host.
import type { ExtensionContext } from 'vscode';
import { activateRingside } from './activateRingside';
import { desktopHost } from './desktopHost';

export const activate = (context: ExtensionContext): void => activateRingside(context, desktopHost);
