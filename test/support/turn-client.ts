import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, type Socket as TcpSocket } from 'node:net';
import { networkInterfaces } from 'node:os';
import {
  readXorAddress,
  xorAddress,
  type Peer,
} from '../../appliance/services/relay/process/addresses.ts';
import { tcpFrame, TcpFraming } from '../../appliance/services/relay/process/tcp-framing.ts';
import {
  ATTRIBUTE,
  encodeStun,
  parseStun,
  type StunMessage,
} from '../../appliance/services/relay/process/stun.ts';

export const METHOD = {
  binding: 1,
  allocate: 3,
  refresh: 4,
  send: 6,
  createPermission: 8,
  channelBind: 9,
} as const;

type Part = { type: number; value: Buffer };

export const transportUdp: Part = {
  type: ATTRIBUTE.requestedTransport,
  value: Buffer.from([17, 0, 0, 0]),
};
export const lifetimeOf = (seconds: number): Part => ({
  type: ATTRIBUTE.lifetime,
  value: Buffer.from([0, 0, seconds >> 8, seconds & 255]),
});
export const peerOf = (peer: Peer): Part => ({
  type: ATTRIBUTE.xorPeerAddress,
  value: xorAddress(peer),
});
export const channelOf = (channel: number): Part => ({
  type: ATTRIBUTE.channelNumber,
  value: Buffer.from([channel >> 8, channel & 255, 0, 0]),
});

/** Given to a machine without a network: by its range nobody's, and not loopback. */
const spareAddress = '198.18.77.1';

/**
 * An address of this machine that is not loopback: relayed media may go to it. A machine
 * without a network is given one, which needs root and harms nothing.
 */
export function lanAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const found = all.find(({ family, internal }) => family === 'IPv4' && !internal);
  if (found) return found.address;
  execFileSync('ip', ['address', 'replace', `${spareAddress}/32`, 'dev', 'lo']);
  return spareAddress;
}

/** The code of an error answer; 0 for success. */
export function codeOf(answer: StunMessage): number {
  const error = answer.attributes.find(({ type }) => type === ATTRIBUTE.errorCode);
  return error ? (error.value[2] ?? 0) * 100 + (error.value[3] ?? 0) : 0;
}

export function valueOf(answer: StunMessage, type: number): Buffer {
  const found = answer.attributes.find((attribute) => attribute.type === type);
  if (!found) throw new Error(`answer without attribute ${type}`);
  return found.value;
}

/** How a client reaches its server. */
export interface Wire {
  send(message: Buffer): void;
  onMessage(listener: (message: Buffer) => void): void;
  close(): void;
}

export function udpWire(server: Peer): Wire {
  const socket = createSocket('udp4');
  return {
    send: (message) => socket.send(message, server.port, server.address, () => {}),
    onMessage: (listener) => socket.on('message', listener),
    close: () => socket.close(),
  };
}

/** A connection on which messages are cut as RFC 8656 says; `isCut` when the server hung up. */
export function tcpWire(server: Peer): Wire & { isCut(): boolean } {
  const socket: TcpSocket = connect(server.port, server.address);
  const framing = new TcpFraming();
  socket.on('error', () => {});
  return {
    send: (message) => socket.write(tcpFrame(message)),
    onMessage: (listener) =>
      socket.on('data', (bytes) => framing.push(bytes)?.forEach((one) => listener(one))),
    close: () => socket.destroy(),
    isCut: () => socket.closed,
  };
}

/** A small TURN client that does exactly what a test tells it, wrong things included. */
export class TurnClient {
  readonly socket: Wire;
  readonly answers: StunMessage[] = [];
  readonly channelData: Buffer[] = [];
  readonly #login: { username: string; credential: string };
  realm = '';
  nonce = '';

  constructor(
    server: Peer,
    login: { username: string; credential: string },
    wire: (server: Peer) => Wire = udpWire,
  ) {
    this.#login = login;
    this.socket = wire(server);
    this.socket.onMessage((datagram) => {
      const message = parseStun(datagram);
      if (message) this.answers.push(message);
      else this.channelData.push(datagram);
    });
  }

  send(datagram: Buffer): void {
    this.socket.send(datagram);
  }

  get key(): Buffer {
    const { username, credential } = this.#login;
    return createHash('md5').update(`${username}:${this.realm}:${credential}`).digest();
  }

  /** Sends a request and resolves with its answer; undefined after a silence. */
  async ask(
    method: number,
    attributes: Part[],
    { isSigned = true, transaction = randomBytes(12), hasFingerprint = false } = {},
  ): Promise<StunMessage | undefined> {
    const { username } = this.#login;
    const login = [
      { type: ATTRIBUTE.username, value: Buffer.from(username) },
      { type: ATTRIBUTE.realm, value: Buffer.from(this.realm) },
      { type: ATTRIBUTE.nonce, value: Buffer.from(this.nonce) },
    ];
    this.send(
      encodeStun({
        kind: 0,
        method,
        transaction,
        attributes: isSigned ? [...attributes, ...login] : attributes,
        key: isSigned ? this.key : undefined,
        hasFingerprint,
      }),
    );
    return this.answerTo(transaction);
  }

  async answerTo(transaction: Buffer): Promise<StunMessage | undefined> {
    const end = performance.now() + 1500;
    while (performance.now() < end) {
      const at = this.answers.findIndex((answer) => answer.transaction.equals(transaction));
      if (at >= 0) return this.answers.splice(at, 1)[0];
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    return undefined;
  }

  /** Learns realm and nonce from the 401 that every stranger gets. */
  async greet(): Promise<number> {
    const answer = await this.ask(METHOD.allocate, [transportUdp], { isSigned: false });
    if (!answer) return -1;
    this.realm = valueOf(answer, ATTRIBUTE.realm).toString();
    this.nonce = valueOf(answer, ATTRIBUTE.nonce).toString();
    return codeOf(answer);
  }

  /** Allocates; returns the relayed address, or the error code. */
  async allocate(extra: Part[] = []): Promise<Peer | number> {
    await this.greet();
    const answer = await this.ask(METHOD.allocate, [transportUdp, ...extra]);
    if (!answer) return -1;
    if (codeOf(answer)) return codeOf(answer);
    return readXorAddress(valueOf(answer, 0x0016)) ?? -1;
  }

  close(): void {
    this.socket.close();
  }
}
