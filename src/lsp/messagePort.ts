// JSON-RPC over postMessage, for a server in a worker thread or a Web Worker: messages travel as objects, bytes as they are.
import type { DataCallback, Disposable, Event, Message, MessageReader, MessageWriter } from 'vscode-languageserver';

export interface MessageLink {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

const nothing: Disposable = { dispose: () => undefined };
const never: Event<never> = () => nothing;

export function transportsOf(link: MessageLink): { reader: MessageReader; writer: MessageWriter } {
  let callback: DataCallback | undefined;
  const early: Message[] = [];
  link.onMessage((message) => {
    if (callback) callback(message as Message);
    else early.push(message as Message);
  });
  return {
    reader: {
      onError: never,
      onClose: never,
      onPartialMessage: never,
      listen(listener) {
        callback = listener;
        for (const message of early.splice(0)) listener(message);
        return {
          dispose: () => {
            callback = undefined;
          },
        };
      },
      dispose: () => undefined,
    },
    writer: {
      onError: never,
      onClose: never,
      write(message) {
        link.post(message);
        return Promise.resolve();
      },
      end: () => undefined,
      dispose: () => undefined,
    },
  };
}
