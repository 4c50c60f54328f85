import type { Kind } from '../../appliance/services/conference/media-forms.ts';
import type {
  Sfu,
  SfuConsumer,
  SfuListen,
  SfuProducer,
  SfuRouter,
  SfuTransport,
  SfuWorker,
} from '../../appliance/services/conference/sfu.ts';

let lastId = 0;
const newId = (): string => `fake-${++lastId}`;

/** An SFU without media: what is open, what is closed, who is heard. For unit tests only. */
export class FakeSfu implements Sfu {
  readonly workers: FakeWorker[] = [];

  async openWorker(_listen: SfuListen): Promise<FakeWorker> {
    const worker = new FakeWorker();
    this.workers.push(worker);
    return worker;
  }
}

export class FakeWorker implements SfuWorker {
  readonly pid = ++lastId;
  readonly routers = new Set<FakeRouter>();
  readonly #listeners: (() => void)[] = [];
  isDead = false;

  async openRouter(): Promise<FakeRouter> {
    if (this.isDead) throw new Error('the worker is dead');
    const router = new FakeRouter(this);
    this.routers.add(router);
    return router;
  }

  onDeath(listener: () => void): void {
    this.#listeners.push(listener);
  }

  die(): void {
    this.isDead = true;
    this.routers.clear();
    for (const listener of this.#listeners) listener();
  }

  async close(): Promise<void> {
    this.routers.clear();
  }
}

export class FakeRouter implements SfuRouter {
  readonly id = newId();
  readonly capabilities = {
    codecs: [
      {
        kind: 'audio',
        mimeType: 'audio/opus',
        preferredPayloadType: 100,
        clockRate: 48_000,
        channels: 2,
        parameters: {},
        rtcpFeedback: [],
      },
      {
        kind: 'video',
        mimeType: 'video/VP8',
        preferredPayloadType: 101,
        clockRate: 90_000,
        parameters: {},
        rtcpFeedback: [],
      },
    ],
    headerExtensions: [],
  };
  readonly transports = new Set<FakeTransport>();
  readonly producers = new Map<string, Kind>();
  readonly #worker: FakeWorker;

  constructor(worker: FakeWorker) {
    this.#worker = worker;
  }

  async openTransport(): Promise<FakeTransport> {
    if (this.#worker.isDead) throw new Error('the worker is dead');
    const transport = new FakeTransport(this);
    this.transports.add(transport);
    return transport;
  }

  close(): void {
    for (const transport of [...this.transports]) transport.close();
    this.#worker.routers.delete(this);
  }
}

export class FakeTransport implements SfuTransport {
  readonly id = newId();
  readonly ice = { usernameFragment: 'u', password: 'p', iceLite: true };
  readonly candidates = [{ ip: '127.0.0.1', port: 1, protocol: 'udp' }];
  readonly dtls = { role: 'auto', fingerprints: [] };
  readonly #router: FakeRouter;
  readonly #producers = new Set<string>();
  readonly #ssrcs = new Set<number>();
  #isClosed = false;
  #hasConnected = false;
  isConnected = false;

  constructor(router: FakeRouter) {
    this.#router = router;
  }

  async connect(): Promise<void> {
    if (this.#isClosed || this.#hasConnected) throw new Error('connected already, or closed');
    this.#hasConnected = true;
  }

  async produce(
    kind: Kind,
    rtp: { encodings: { ssrc?: number | undefined }[] },
  ): Promise<SfuProducer> {
    const ssrcs = rtp.encodings.map(({ ssrc }) => ssrc ?? 0);
    if (this.#isClosed || ssrcs.some((ssrc) => this.#ssrcs.has(ssrc)))
      throw new Error('doubled, or closed');
    for (const ssrc of ssrcs) this.#ssrcs.add(ssrc);
    const id = newId();
    this.#producers.add(id);
    this.#router.producers.set(id, kind);
    return {
      id,
      kind,
      close: () => {
        this.#router.producers.delete(id);
        for (const ssrc of ssrcs) this.#ssrcs.delete(ssrc);
      },
    };
  }

  async consume(producer: string, caps: { codecs: { kind: string }[] }): Promise<SfuConsumer> {
    const kind = this.#router.producers.get(producer);
    if (this.#isClosed || !kind || !caps.codecs.some((codec) => codec.kind === kind))
      throw new Error('nothing to consume, or no way to');
    return { id: newId(), kind, rtp: { codecs: [] }, resume: async () => {}, close: () => {} };
  }

  close(): void {
    this.#isClosed = true;
    this.isConnected = false;
    this.#router.transports.delete(this);
    for (const id of this.#producers) this.#router.producers.delete(id);
  }
}
