// Mode, privilege and paging of the guest at a glance.
import * as vscode from 'vscode';
import type { StateBody } from '../dap/customTypes';

const MODES: Readonly<Record<StateBody['mode'], string>> = {
  real: 'real mode',
  v8086: 'v8086',
  protected16: '16-bit protected',
  protected32: '32-bit protected',
  compatibility: 'compatibility',
  '64-bit': '64-bit',
  smm: 'SMM',
};

/** `ring 3 | 32-bit protected | paging`, with several processors `vCPU 1 | ...`; real and system management mode have no rings. */
export const stateText = (state: Pick<StateBody, 'mode' | 'cpl' | 'paging' | 'processors' | 'processor'>): string =>
  [
    state.processors > 1 ? `vCPU ${state.processor}` : undefined,
    state.mode === 'real' || state.mode === 'smm' ? undefined : `ring ${state.cpl}`,
    MODES[state.mode] ?? state.mode,
    state.paging ? 'paging' : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(' | ');

export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('ringside.state', vscode.StatusBarAlignment.Left, 50);

  constructor() {
    this.item.name = 'Ringside: mode of the guest';
    this.item.command = 'ringside.focusRings';
  }

  update(state: StateBody): void {
    const text = stateText(state);
    this.item.text = `$(${state.running ? 'sync~spin' : 'circuit-board'}) ${text}`;
    const at = `${state.running ? 'running' : 'stopped'} at ${state.where}`;
    const icount = `${state.icount.toLocaleString('en-US')} instructions`;
    this.item.tooltip = `Guest: ${text}\n${at}\n${icount}, ${state.transitions.toLocaleString('en-US')} transitions\nClick for the ring view`;
    this.item.accessibilityInformation = { label: `Guest is in ${text.replaceAll(' | ', ', ')}, ${at}` };
    this.item.show();
  }

  hide(): void {
    this.item.hide();
  }

  dispose(): void {
    this.item.dispose();
  }
}
