import type { HttpReply, HttpRequest, Network } from '#client/ports.ts';

/** Who asks, as a login would have proved it. */
export interface Asker {
  device: string;
  member: string;
  party: string;
}

/** The header in which the bench tells who asks, in the place of a login. */
export const askerHeader = 'parley-asker';

/** The way to the box of the bench, without TLS and login, in Node and in browsers. */
export class PlainNetwork implements Network {
  readonly origin: string;
  readonly bindings = ['http'] as const;
  /** Bytes of all bodies that came. */
  received = 0;
  readonly #asker: string;

  constructor(origin: string, { device, member, party }: Asker) {
    this.origin = origin;
    this.#asker = JSON.stringify({ device, member, party });
  }

  async request({ method, path, headers, body, signal }: HttpRequest): Promise<HttpReply> {
    const response = await fetch(this.origin + path, {
      method,
      headers: { ...headers, [askerHeader]: this.#asker },
      signal,
      ...(body && { body: Uint8Array.from(body) }),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    this.received += bytes.length;
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: bytes,
    };
  }
}
