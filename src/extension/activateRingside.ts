// Puts the extension together: one adapter per debug session, and the views that follow the session in the foreground.
import * as vscode from 'vscode';
import { RingView } from '../views/ring/provider';
import { GuestScreen } from '../views/screen/provider';
import { Assembling } from './assembling';
import { registerCommands } from './commands';
import { configurationProvider, DEBUG_TYPE, dynamicConfigurations } from './configurationProvider';
import { Diagnostics } from './diagnostics';
import { foresight } from './foresight';
import type { Host } from './host';
import { DISASSEMBLY_SCHEME, disassemblyDocuments } from './openPlace';
import { SerialTerminals } from './serialTerminals';
import { Session } from './session';
import { SessionViews } from './sessionViews';
import { LanguageSupport } from './languageSupport';
import { StatusBar } from './statusBar';
import { viewsFolder, webviewHtml } from './webviewHtml';
import { WorkerAdapter } from './workerAdapter';
import { WorkerPool } from './workerPool';

const iconOf = (extension: vscode.Uri, name: string) => ({
  light: vscode.Uri.joinPath(extension, 'media', `${name}-light.svg`),
  dark: vscode.Uri.joinPath(extension, 'media', `${name}-dark.svg`),
});

export const activateRingside = (context: vscode.ExtensionContext, host: Host): void => {
  const { extensionUri } = context;
  const views = viewsFolder(extensionUri);
  const workers = new WorkerPool(host, extensionUri);
  const rings = new RingView(views, webviewHtml(extensionUri, 'ring', 'Rings'), iconOf(extensionUri, 'rings'));
  const screen = new GuestScreen(
    views,
    webviewHtml(extensionUri, 'screen', 'Guest Screen'),
    iconOf(extensionUri, 'screen'),
  );
  const serial = new SerialTerminals();
  const status = new StatusBar();
  const diagnostics = new Diagnostics();
  const sessions = new SessionViews({ rings, screen, serial, status, diagnostics }, context.globalState);

  const adapters: vscode.DebugAdapterDescriptorFactory = {
    createDebugAdapterDescriptor(debugSession) {
      const adapter = new WorkerAdapter(workers.take());
      sessions.start(new Session(debugSession, adapter));
      return new vscode.DebugAdapterInlineImplementation(adapter);
    },
  };

  const { Initial, Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
  context.subscriptions.push(
    workers,
    rings,
    screen,
    serial,
    status,
    diagnostics,
    sessions,
    vscode.debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, adapters),
    vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, configurationProvider(workers), Initial),
    vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, dynamicConfigurations, Dynamic),
    vscode.window.registerWebviewViewProvider(RingView.viewId, rings, {
      webviewOptions: { retainContextWhenHidden: true },
    }),
    vscode.workspace.registerTextDocumentContentProvider(DISASSEMBLY_SCHEME, disassemblyDocuments),
    registerCommands({ sessions, rings, screen, serial }),
    foresight(workers),
    new Assembling(workers, diagnostics).register(),
    new LanguageSupport(host, extensionUri, diagnostics),
  );
};
