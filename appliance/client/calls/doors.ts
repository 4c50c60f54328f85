import { utf8 } from '#protocol/codec/bytes.ts';
import { jsonOf, listAt, textAt, type Carrier } from '../exchange.ts';
import type { TurnServer } from './ports.ts';

/** The box's doors for calls; nothing that it says is believed beyond where media may flow. */
export class CallDoors {
  readonly #carrier: Carrier;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  /** Fresh credentials of the relay; undefined if the box does not give any now. */
  async turn(signal: AbortSignal): Promise<TurnServer | undefined> {
    try {
      const told = await this.#get('/v1/turn', signal);
      const urls = listAt(told, 'urls').filter((url) => typeof url === 'string');
      const [username, credential] = [textAt(told, 'username'), textAt(told, 'credential')];
      const isWhole = username !== undefined && credential !== undefined && urls.length > 0;
      return isWhole ? { urls, username, credential } : undefined;
    } catch {
      // Two devices on one network need no relay, and find each other without the box.
      return undefined;
    }
  }

  /** Who is in a conference room, as the box says. */
  room(room: string, signal: AbortSignal): Promise<unknown> {
    return this.#get(`/v1/rooms/${room}`, signal);
  }

  /** One request to a conference room. Throws `BoxAway` or `BoxRefusal`. */
  async ask(room: string, what: string, body: object, signal: AbortSignal): Promise<unknown> {
    // The SFU's objects hold fractions and booleans, which CJ does not have.
    const bytes = utf8(JSON.stringify(body));
    const path = `/v1/rooms/${room}/${what}`;
    return jsonOf(await this.#carrier.ask({ method: 'POST', path, body: bytes, signal }));
  }

  async #get(path: string, signal: AbortSignal): Promise<unknown> {
    return jsonOf(await this.#carrier.ask({ method: 'GET', path, signal }));
  }
}
