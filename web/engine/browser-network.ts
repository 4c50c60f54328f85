import type { HttpReply, HttpRequest, MqttConnection, Network } from '#client/ports.ts';
import type { MqttEvents, MqttLogin } from '#client/ports.ts';

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
      body: new Uint8Array(await response.arrayBuffer()),
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
