import type {
  HttpReply,
  HttpRequest,
  MqttConnection,
  MqttEvents,
  MqttLogin,
  Network,
} from '#client/ports.ts';
import { NodeNetwork } from '../../../appliance/terminal/platform/node-network.ts';

/**
 * The way to a box that can be cut, or that lies: each answer may be changed, held back or lost on
 * its way.
 */
export class BentNetwork implements Network {
  readonly #real: NodeNetwork;
  readonly #connections = new Set<MqttConnection>();
  #isCut = false;
  /** What the device is told in the place of the box's answer, and when; throwing loses it. */
  bend: (request: HttpRequest, reply: HttpReply) => HttpReply | Promise<HttpReply> = (_, reply) =>
    reply;
  readonly asked: string[] = [];

  constructor(origin: string) {
    this.#real = new NodeNetwork(origin);
  }

  get origin(): string {
    return this.#real.origin;
  }

  get bindings(): Network['bindings'] {
    return this.#real.bindings;
  }

  /** Takes the device off the network, or back on it. */
  cut(isCut: boolean): void {
    this.#isCut = isCut;
    if (isCut) for (const connection of this.#connections) void connection.close();
  }

  async request(request: HttpRequest): Promise<HttpReply> {
    this.asked.push(`${request.method} ${request.path.split('?')[0]}`);
    if (this.#isCut) throw new Error('no network');
    return this.bend(request, await this.#real.request(request));
  }

  async mqtt(login: MqttLogin, events: MqttEvents, signal: AbortSignal): Promise<MqttConnection> {
    if (this.#isCut) throw new Error('no network');
    const connection = await this.#real.mqtt(
      login,
      {
        ...events,
        onClose: () => {
          this.#connections.delete(connection);
          events.onClose();
        },
      },
      signal,
    );
    this.#connections.add(connection);
    return connection;
  }
}
