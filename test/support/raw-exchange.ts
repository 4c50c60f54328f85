import type { Socket } from 'node:net';

/** Sends raw bytes and resolves to all that comes back until the connection is closed. */
export async function exchange(socket: Socket, text: string): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A reset is one way of refusing; what counts is what came before it.
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(text, 'latin1');
  await closed;
  return Buffer.concat(chunks).toString();
}
