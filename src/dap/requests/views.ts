// Requests of the views beyond the protocol: transitions, screen, keyboard, serial ports and mode (customTypes.ts).

import { transitionDetail } from '../../debugger/timeline/detail';
import type { TimelineQuery } from '../../debugger/timeline/timeline';
import { arrayOf, countOf, numberOf, objectOf, optionalString, stringOf } from '../arguments';
import { toBase64 } from '../base64';
import type {
  FocusArguments,
  KeyArguments,
  ScreenFrame,
  ScreenResponse,
  SerialBody,
  TransitionDetail,
  TransitionsResponse,
} from '../customTypes';
import { badArgument, badKey, transitionGone, unknownThread } from '../errors';
import { request } from '../handler';
import { THREAD } from '../session';

const optionalCount = (command: string, args: unknown, name: string, most: number): number | undefined =>
  objectOf(command, args)[name] === undefined ? undefined : countOf(command, args, name, most);

function processorOf(count: number, processor: number | undefined): number | undefined {
  if (processor === undefined || processor < count) return count === 1 ? undefined : processor;
  throw badArgument('ringside/transitions', `there is no processor ${processor}`);
}

export const transitions = request<unknown>({
  command: 'ringside/transitions',
  urgent: true,
  handle(session, args): TransitionsResponse {
    const { debug } = session.get('ringside/transitions');
    const field = (name: keyof TimelineQuery, most: number): number | undefined =>
      optionalCount('ringside/transitions', args, name, most);
    return debug.timeline.window({
      from: field('from', Number.MAX_SAFE_INTEGER),
      to: field('to', Number.MAX_SAFE_INTEGER),
      limit: field('limit', 100_000),
      buckets: field('buckets', 4096),
      within: objectOf('ringside/transitions', args)['within'] === true,
      processor: processorOf(debug.target.processors, field('processor', Number.MAX_SAFE_INTEGER)),
    });
  },
});

export const transition = request<unknown>({
  command: 'ringside/transition',
  urgent: true,
  handle(session, args): TransitionDetail {
    const { debug } = session.get('ringside/transition');
    const index = countOf('ringside/transition', args, 'index', Number.MAX_SAFE_INTEGER);
    const entry = debug.target.transitions.get(index);
    if (!entry) throw transitionGone(index);
    return transitionDetail(debug.code, entry);
  },
});

export const screen = request<unknown>({
  command: 'ringside/screen',
  urgent: true,
  handle(session, args): ScreenResponse {
    const { guest } = session.get('ringside/screen');
    const picture = guest.screen(optionalCount('ringside/screen', args, 'known', Number.MAX_SAFE_INTEGER));
    if (!picture) return {};
    const { pixels, ...rest } = picture;
    return { frame: { ...rest, pixels: toBase64(pixels) } satisfies ScreenFrame };
  },
});

export const key = request<KeyArguments>({
  command: 'ringside/key',
  urgent: true,
  handle(session, args) {
    const { guest } = session.running('ringside/key');
    for (const item of arrayOf('ringside/key', args, 'keys')) {
      const code = stringOf('ringside/key', item, 'code');
      if (!guest.sendKey(code, item['down'] === true)) throw badKey(`A PC keyboard has no key ${code}.`);
    }
    const text = optionalString('ringside/key', { ...args }, 'text');
    const untyped = text === undefined ? '' : guest.typeText(text);
    if (untyped) throw badKey(`A US keyboard has no keys for ${JSON.stringify(untyped)}.`);
  },
});

export const serial = request<SerialBody>({
  command: 'ringside/serial',
  urgent: true,
  handle(session, args) {
    const { guest } = session.running('ringside/serial');
    const port = countOf('ringside/serial', args, 'port', 1e9);
    if (port !== 1 && port !== 2) throw badArgument('ringside/serial', '"port" must be 1 or 2');
    const data = stringOf('ringside/serial', args, 'data');
    guest.sendSerial(
      port,
      [...data].map((c) => c.charCodeAt(0) & 0xff),
    );
  },
});

export const mode = request<unknown>({
  command: 'ringside/mode',
  urgent: true,
  handle: (session) => session.stateBody(),
});

export const focus = request<FocusArguments>({
  command: 'ringside/focus',
  urgent: true,
  handle(session, args) {
    const { debug } = session.get('ringside/focus');
    const id = numberOf('ringside/focus', args, 'threadId');
    if (!(Number.isInteger(id) && id >= THREAD && id < debug.target.processors + THREAD)) throw unknownThread(id);
    session.focus = id - THREAD;
    session.state();
  },
});
