import { connect, createServer, type Server, type TLSSocket } from 'node:tls';
import type { AddressInfo } from 'node:net';

/**
 * Stands between browsers and the box, ends TLS on both sides and keeps what
 * passes in clear: what the box itself gets to see. WebSocket payloads are
 * unmasked, since a masked word would never be found.
 */
export class RecordingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<TLSSocket>();
  readonly #chunks: Buffer[] = [];

  constructor(targetPort: number, tls: { key: string; cert: string }) {
    this.#server = createServer(tls, (client) => {
      const box = connect({ port: targetPort, host: '127.0.0.1', rejectUnauthorized: false });
      const unmask = new Unmasker((bytes) => this.#chunks.push(bytes));
      this.#join(client, box, (bytes) => {
        this.#chunks.push(bytes);
        unmask.push(bytes);
      });
      this.#join(box, client, (bytes) => this.#chunks.push(bytes));
    });
  }

  #join(from: TLSSocket, to: TLSSocket, seen: (bytes: Buffer) => void): void {
    this.#sockets.add(from);
    from.on('data', (bytes: Buffer) => {
      seen(bytes);
      to.write(bytes);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }

  /** Resolves with the port it listens on, loopback only. */
  async start(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  /** Everything that passed so far, both ways, one after another. */
  recorded(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Follows one client-to-server stream; after the HTTP upgrade it takes WebSocket frames apart (RFC 6455 §5.2). */
class Unmasker {
  readonly #emit: (bytes: Buffer) => void;
  #rest = Buffer.alloc(0);
  #isWebSocket: boolean | undefined;

  constructor(emit: (bytes: Buffer) => void) {
    this.#emit = emit;
  }

  push(bytes: Buffer): void {
    if (this.#isWebSocket === false) return;
    this.#rest = Buffer.concat([this.#rest, bytes]);
    if (this.#isWebSocket === undefined) {
      const end = this.#rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.#isWebSocket = /^upgrade: *websocket/im.test(this.#rest.subarray(0, end).toString());
      this.#rest = this.#rest.subarray(end + 4);
    }
    while (this.#isWebSocket && this.#takeFrame());
  }

  #takeFrame(): boolean {
    const data = this.#rest;
    if (data.length < 2) return false;
    const short = (data[1] ?? 0) & 0x7f;
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    const masked = ((data[1] ?? 0) & 0x80) !== 0;
    const head = 2 + lengthBytes + (masked ? 4 : 0);
    if (data.length < head) return false;
    const length =
      lengthBytes === 2
        ? data.readUInt16BE(2)
        : lengthBytes === 8
          ? Number(data.readBigUInt64BE(2))
          : short;
    if (data.length < head + length) return false;
    const mask = data.subarray(head - 4, head);
    const payload = Buffer.from(data.subarray(head, head + length));
    if (masked)
      for (let i = 0; i < length; i += 1) payload[i] = (payload[i] ?? 0) ^ (mask[i % 4] ?? 0);
    this.#emit(payload);
    this.#rest = data.subarray(head + length);
    return true;
  }
}
