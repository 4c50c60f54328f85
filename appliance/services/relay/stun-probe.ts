import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import type { Peer } from './process/addresses.ts';
import { encodeStun, parseStun } from './process/stun.ts';

const BINDING = 1;
const SUCCESS = 2;

/** Asks a STUN server for our address, to see whether it answers at all. */
export class StunProbe {
  readonly #server: Peer;
  readonly #socket: Socket = createSocket('udp4');
  readonly #transaction = randomBytes(12);
  #unansweredCount = 0;
  #answersCount = 0;

  constructor(server: Peer) {
    this.#server = server;
    this.#socket.unref();
    this.#socket.on('error', () => {});
    this.#socket.on('message', (datagram) => {
      const answer = parseStun(datagram);
      if (answer?.kind !== SUCCESS || !answer.transaction.equals(this.#transaction)) return;
      this.#answersCount += 1;
      this.#unansweredCount = 0;
    });
  }

  /** Questions in a row that no answer has come to. */
  get unansweredCount(): number {
    return this.#unansweredCount;
  }

  get answersCount(): number {
    return this.#answersCount;
  }

  send(): void {
    this.#unansweredCount += 1;
    const transaction = this.#transaction;
    const question = encodeStun({ kind: 0, method: BINDING, transaction, attributes: [] });
    this.#socket.send(question, this.#server.port, this.#server.address, () => {});
  }

  close(): void {
    this.#socket.close();
  }
}
