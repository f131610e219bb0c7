// What the suites share: the client of the present test and the sample that it debugs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { lineOf, sample, type TestClient } from './client';

export const RINGS = sample('rings');
export const SOURCE = readFileSync(RINGS, 'utf8');
export const line = (text: string): number => lineOf(SOURCE, text);
/** First line in real mode, after the far jump. */
export const REAL = line('xor ax, ax');
export const CONTINUE = { threadId: 1 };

export type Variables = DebugProtocol.VariablesResponse['body'];
export type Disassembly = { instructions: DebugProtocol.DisassembledInstruction[] };

export class Bench {
  c!: TestClient;

  /** Variables of a scope. */
  async scope(name: string, frame = 0): Promise<Variables['variables']> {
    const variablesReference = await this.reference(name, frame);
    return (await this.c.ask<Variables>('variables', { variablesReference })).variables;
  }

  async reference(name: string, frame = 0): Promise<number> {
    const frameId = (await this.c.frames())[frame]!.id;
    const { scopes } = (await this.c.scopesRequest({ frameId })).body;
    const found = scopes.find((s) => s.name === name);
    assert.ok(found, `scope ${name}`);
    return found.variablesReference;
  }

  /** Launches samples/rings up to its first instruction in ring 3. */
  user(): Promise<DebugProtocol.StoppedEvent['body']> {
    return this.c.launchTo({ program: RINGS }, { [RINGS]: [line('mov esi, text_user') - 1] });
  }
}
