import type { Capabilities, Dtls, Kind, Rtp } from './media-forms.ts';

/** Where a worker is reached by browsers. */
export interface SfuListen {
  /** Addresses of this machine, IPv4. */
  addresses: readonly string[];
  /** Told to browsers instead of `addresses`, for a box behind a translating router. */
  announcedAddress: string | undefined;
  /** UDP and TCP; 0 takes free ones. */
  port: number;
}

/** A stream that a browser sends. */
export interface SfuProducer {
  readonly id: string;
  readonly kind: Kind;
  close(): void;
}

/** A stream that a browser is sent; paused at first. */
export interface SfuConsumer {
  readonly id: string;
  readonly kind: Kind;
  /** For the browser: mediasoup's `RtpParameters`. */
  readonly rtp: unknown;
  /** Lets it flow; asks the sender for a whole picture, also when it flows already. */
  resume(): Promise<void>;
  close(): void;
}

/** A connection between a browser and the SFU, encrypted with DTLS. What is of no use to the SFU is rejected. */
export interface SfuTransport {
  readonly id: string;
  /** For the browser: mediasoup's `IceParameters`, `IceCandidate[]`, `DtlsParameters`. */
  readonly ice: unknown;
  readonly candidates: unknown;
  readonly dtls: unknown;
  /** Whether the browser is heard from at present. */
  readonly isConnected: boolean;
  connect(dtls: Dtls): Promise<void>;
  produce(kind: Kind, rtp: Rtp): Promise<SfuProducer>;
  consume(producer: string, caps: Capabilities): Promise<SfuConsumer>;
  /** Ends its producers and consumers too. */
  close(): void;
}

/** One room's switch: media of one producer goes to the consumers of the same router. */
export interface SfuRouter {
  readonly id: string;
  /** For the browser: mediasoup's `RtpCapabilities`, only of what we forward. */
  readonly capabilities: unknown;
  /** `bitsPerSecond`: what the browser is asked to send at most. */
  openTransport(bitsPerSecond: number): Promise<SfuTransport>;
  close(): void;
}

/** A process that forwards media, with one listener for all its routers. */
export interface SfuWorker {
  readonly pid: number;
  /** True once its process has ended without being asked to. */
  readonly isDead: boolean;
  openRouter(): Promise<SfuRouter>;
  /** Called once, when the process has ended without being asked to. */
  onDeath(listener: () => void): void;
  /** Resolves when the process has ended. */
  close(): Promise<void>;
}

/** A selective forwarding unit: forwards encrypted frames, never opens them. */
export interface Sfu {
  /** Starts a worker; rejects with a Refusal when its port cannot be opened. */
  openWorker(listen: SfuListen): Promise<SfuWorker>;
}
