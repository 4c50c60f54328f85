import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests of one connection that are answered at one time; browsers send one, curl too. */
const maxAtOnceCount = 8;

/**
 * Cuts connections that send many requests without waiting for the answers
 * (RFC 9112 §9.3.2 lets a server do so). The parser hands over all that one packet
 * holds in one go, hundreds: a neighbour could stop the box for seconds and fill
 * its memory with a few packets.
 */
export function withoutFloods(handler: RequestListener): RequestListener {
  const openCounts = new WeakMap<Socket, number>();
  return (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    if (socket.destroyed) return;
    const openCount = (openCounts.get(socket) ?? 0) + 1;
    if (openCount > maxAtOnceCount) return void socket.destroy();
    openCounts.set(socket, openCount);
    response.once('close', () => openCounts.set(socket, (openCounts.get(socket) ?? 1) - 1));
    handler(request, response);
  };
}
