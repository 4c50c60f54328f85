import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import {
  ReplyTooLarge,
  type HttpReply,
  type HttpRequest,
  type MqttConnection,
  type MqttEvents,
  type MqttLogin,
  type Network,
} from '#client/ports.ts';
import { connectMqtt } from './mqtt-connection.ts';

/**
 * The way to a box. Any certificate will do: the box proves itself by the key whose hash the code
 * has (A1), and nothing is signed for another one.
 */
export class NodeNetwork implements Network {
  readonly origin: string;
  readonly bindings: Network['bindings'];
  readonly #from: { localAddress?: string };
  readonly #agent = new Agent({ keepAlive: true, rejectUnauthorized: false });

  /** `from` is the address of this machine to use, where it has several. */
  constructor(origin: string, from?: string) {
    this.origin = origin;
    this.#from = from === undefined ? {} : { localAddress: from };
    this.bindings = origin.startsWith('https:') ? ['tls-blind', 'tls-ca'] : ['http'];
  }

  request({ body, headers, maxBytes, method, path, ...limits }: HttpRequest): Promise<HttpReply> {
    const url = new URL(this.origin + path);
    const signal = AbortSignal.any([limits.signal, AbortSignal.timeout(limits.timeoutMs)]);
    return new Promise((resolve, reject) => {
      const options = { ...this.#from, method, headers: { ...headers }, signal };
      const sent =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...options, agent: this.#agent })
          : httpRequest(url, options);
      sent.on('error', reject);
      sent.on('response', (response) => {
        replyOf(response, maxBytes).then(resolve, reject);
      });
      sent.end(body);
    });
  }

  mqtt(login: MqttLogin, events: MqttEvents, signal: AbortSignal): Promise<MqttConnection> {
    const url = `${this.origin.replace(/^http/, 'ws')}/mqtt`;
    return connectMqtt({ url, ...this.#from }, login, events, signal);
  }
}

/** The whole reply, read only as far as it may go; what the headers say of its length proves nothing. */
async function replyOf(response: IncomingMessage, maxBytes: number): Promise<HttpReply> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > maxBytes) throw new ReplyTooLarge();
    parts.push(part);
  }
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
    ),
    body: new Uint8Array(Buffer.concat(parts)),
  };
}
