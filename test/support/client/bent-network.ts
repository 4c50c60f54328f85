import type {
  HttpReply,
  HttpRequest,
  MqttConnection,
  MqttEvents,
  MqttLogin,
  Network,
} from '#client/ports.ts';
import { NodeNetwork } from './node-network.ts';

/** The way to a box that lies: each answer may be changed, held back or lost on its way. */
export class BentNetwork implements Network {
  readonly #real: NodeNetwork;
  /** What the device is told in the place of the box's answer; throwing loses it. */
  bend: (request: HttpRequest, reply: HttpReply) => HttpReply = (_request, reply) => reply;
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

  cut(isCut: boolean): void {
    this.#real.cut(isCut);
  }

  async request(request: HttpRequest): Promise<HttpReply> {
    this.asked.push(`${request.method} ${request.path.split('?')[0]}`);
    return this.bend(request, await this.#real.request(request));
  }

  mqtt(login: MqttLogin, events: MqttEvents, signal: AbortSignal): Promise<MqttConnection> {
    return this.#real.mqtt(login, events, signal);
  }
}
