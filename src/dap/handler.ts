// Declares a request handler with the protocol's type of arguments. They come from outside: `handle` checks what it relies on.

import type { RequestHandler, Session } from './session';

export interface TypedHandler<A> extends Omit<RequestHandler, 'handle'> {
  handle(session: Session, args: A, seq: number): unknown;
}

export const request = <A>(handler: TypedHandler<A>): RequestHandler => handler as RequestHandler;
