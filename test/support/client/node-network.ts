import { request as httpRequest } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { connect } from 'mqtt';
import {
  ReplyTooLarge,
  type HttpReply,
  type HttpRequest,
  type MqttConnection,
  type MqttEvents,
  type MqttLogin,
  type Network,
} from '#client/ports.ts';

/** The way to a box over HTTPS with any certificate, as after a click-through; can be cut. */
export class NodeNetwork implements Network {
  readonly origin: string;
  readonly bindings: Network['bindings'];
  readonly #agent: Agent;
  #isCut = false;
  readonly #connections = new Set<MqttConnection>();

  constructor(origin: string) {
    this.origin = origin;
    this.bindings = origin.startsWith('https:') ? ['tls-blind', 'tls-ca'] : ['http'];
    this.#agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  }

  /** Takes the device off the network, or back on it. */
  cut(isCut: boolean): void {
    this.#isCut = isCut;
    if (isCut) for (const connection of this.#connections) void connection.close();
  }

  async request(asked: HttpRequest): Promise<HttpReply> {
    if (this.#isCut) throw new Error('no network');
    const url = new URL(this.origin + asked.path);
    const signal = AbortSignal.any([asked.signal, AbortSignal.timeout(asked.timeoutMs)]);
    const options = { method: asked.method, headers: { ...asked.headers }, signal };
    return new Promise((resolve, reject) => {
      const sent =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...options, agent: this.#agent })
          : httpRequest(url, options);
      sent.on('error', reject);
      sent.on('response', (response) => {
        const parts: Buffer[] = [];
        let length = 0;
        response.on('data', (part: Buffer) => {
          parts.push(part);
          length += part.length;
          if (length > asked.maxBytes) response.destroy(new ReplyTooLarge());
        });
        response.on('error', reject);
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(
              Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
            ),
            body: new Uint8Array(Buffer.concat(parts)),
          });
        });
      });
      sent.end(asked.body);
    });
  }

  async mqtt(login: MqttLogin, events: MqttEvents, signal: AbortSignal): Promise<MqttConnection> {
    if (this.#isCut) throw new Error('no network');
    const client = connect(`${this.origin.replace(/^http/, 'ws')}/mqtt`, {
      protocolVersion: 4,
      clientId: login.clientId,
      username: login.userName,
      password: login.password,
      clean: true,
      reconnectPeriod: 0,
      rejectUnauthorized: false,
    });
    signal.addEventListener('abort', () => client.end(true), { once: true });
    return new Promise((resolve, reject) => {
      const connection: MqttConnection = {
        subscribe: async (filters) => {
          await client.subscribeAsync([...filters], { qos: 1 });
        },
        publish: async (topic, payload) => {
          await client.publishAsync(topic, Buffer.from(payload));
        },
        close: () => client.endAsync(true),
      };
      client.on('message', (topic, payload) => {
        events.onMessage(topic, new Uint8Array(payload));
      });
      client.on('error', reject);
      client.on('close', () => {
        this.#connections.delete(connection);
        reject(new Error('no MQTT'));
        events.onClose();
      });
      client.on('connect', () => {
        this.#connections.add(connection);
        resolve(connection);
      });
    });
  }
}
