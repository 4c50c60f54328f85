import type { HttpReply, HttpRequest, MqttConnection, Network } from '#client/ports.ts';
import { ReplyTooLarge, type MqttEvents, type MqttLogin } from '#client/ports.ts';

/** The box that served this page, by `fetch` and, as a chunk of its own, MQTT. */
export class BrowserNetwork implements Network {
  readonly origin: string;
  readonly bindings: Network['bindings'];

  constructor(origin: string) {
    this.origin = origin;
    // Script cannot see the certificate: which of the two it is, only the box knows (A3).
    this.bindings = origin.startsWith('https:') ? ['tls-blind', 'tls-ca'] : ['http'];
  }

  async request(request: HttpRequest): Promise<HttpReply> {
    const response = await fetch(this.origin + request.path, {
      method: request.method,
      headers: { ...request.headers },
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(request.timeoutMs)]),
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      ...(request.body && { body: Uint8Array.from(request.body) }),
    });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await bodyOf(response, request.maxBytes),
    };
  }

  onTurn(listener: () => void): () => void {
    const seen = (): void => {
      if (document.visibilityState === 'visible') listener();
    };
    addEventListener('online', listener);
    addEventListener('offline', listener);
    document.addEventListener('visibilitychange', seen);
    return () => {
      removeEventListener('online', listener);
      removeEventListener('offline', listener);
      document.removeEventListener('visibilitychange', seen);
    };
  }

  async mqtt(login: MqttLogin, events: MqttEvents, signal: AbortSignal): Promise<MqttConnection> {
    const { connectMqtt } = await import('./mqtt-connection.ts');
    return connectMqtt(`${this.origin.replace(/^http/, 'ws')}/mqtt`, login, events, signal);
  }
}

/** The body, read only as far as it may go; what the headers say of its length proves nothing. */
async function bodyOf(response: Response, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let read = await reader?.read(); read?.value; read = await reader?.read()) {
    length += read.value.length;
    if (length > maxBytes) {
      await reader?.cancel();
      throw new ReplyTooLarge();
    }
    parts.push(read.value);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}
