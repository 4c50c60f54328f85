import type { AgreementKey } from '#protocol/crypto/agreement.ts';
import type { Signer } from '#protocol/crypto/sign.ts';
import type { GitObject } from '#protocol/pack/object.ts';
import type { Engine, Zlib } from '#protocol/ports.ts';
import type { CallPlatform } from './calls/ports.ts';
import type { FilePlatform } from './files/ports.ts';

/** What the platform lends to the engine: one adapter per platform, no others. */
export interface Platform {
  clock: Clock;
  network: Network;
  storage: Storage;
  keys: KeyStore;
  /** Resolves once the platform's verification passed the self-test or was replaced. */
  engine(): Promise<Engine>;
  zlib: Zlib;
  /** One engine per device: two would fork its history (SWARM §9.6). */
  place: Place;
  /** Absent where nobody can be heard or seen. */
  calls?: CallPlatform;
  files: FilePlatform;
  /** Calls `listener` when the program may be put away at any moment; returns the way to stop. */
  onHide?(listener: () => void): () => void;
}

/** Time and waiting; tests move it by hand. */
export interface Clock {
  /** Milliseconds since 1970, as this device claims. May jump. */
  now(): number;
  /** Resolves after `ms`, at once when `signal` aborts. Never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** One change of a transaction; `value` absent deletes. */
export interface Change {
  key: string;
  value?: Uint8Array | undefined;
}

/** Small records. Keys are ASCII words joined by `/`. */
export interface Records {
  get(key: string): Promise<Uint8Array | undefined>;
  /** All records whose key begins with `prefix`, in order of key. */
  list(prefix: string): Promise<readonly { key: string; value: Uint8Array }[]>;
  /** All changes or none; on disk when it resolves. */
  write(changes: readonly Change[]): Promise<void>;
}

/** Objects and refs of one swarm, as git stores them. */
export interface Repository {
  read(oid: string): Promise<GitObject | undefined>;
  /** Stores all of them; those that are here already are left alone. */
  write(objects: readonly GitObject[]): Promise<void>;
  /** Every ref below `refs/swarm/`: full name → commit. */
  refs(): Promise<ReadonlyMap<string, string>>;
  moveRef(name: string, oid: string): Promise<void>;
  /** On disk when it resolves; before that a crash may lose what was written. */
  flush(): Promise<void>;
}

export interface Storage {
  /** Opens, and asks the platform not to evict. */
  open(): Promise<void>;
  close(): Promise<void>;
  readonly records: Records;
  repository(cid: string): Promise<Repository>;
  /** Destroys every repository. */
  forget(): Promise<void>;
}

/** A device's own keys; the private halves stay inside where the platform allows. */
export interface DeviceKeys {
  readonly signer: Signer;
  readonly agreement: AgreementKey;
}

/** Holds the device's keys and wraps secrets under one that never leaves. */
export interface KeyStore {
  /** The device's keys; made and stored first if `create`. */
  device(create: boolean): Promise<DeviceKeys | undefined>;
  wrap(secret: Uint8Array): Promise<Uint8Array>;
  /** Undefined if damaged or of another device. */
  unwrap(wrapped: Uint8Array): Promise<Uint8Array | undefined>;
  /** Destroys the device's keys: a new device is made next time. */
  forget(): Promise<void>;
}

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'HEAD';
  /** Below the box's origin, with query. */
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array;
  /** The request rejects when nothing came by then: a dead network must not hang the engine. */
  timeoutMs: number;
  /** The request rejects with `ReplyTooLarge` when the body is longer: it must not fill the memory. */
  maxBytes: number;
  signal: AbortSignal;
}

/** The body of a reply was longer than it may be. */
export class ReplyTooLarge extends Error {
  constructor() {
    super('the reply is too long');
    this.name = 'ReplyTooLarge';
  }
}

export interface HttpReply {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

export interface MqttLogin {
  clientId: string;
  userName: string;
  password: string;
}

/** One MQTT 3.1.1 connection; after `onClose` it is dead and a new one is opened. */
export interface MqttConnection {
  subscribe(filters: readonly string[]): Promise<void>;
  publish(topic: string, payload: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface MqttEvents {
  onMessage(topic: string, payload: Uint8Array): void;
  onClose(): void;
}

/** The way to one box. */
export interface Network {
  /** `https://host[:port]` of the box, for links. */
  readonly origin: string;
  /** What the login transcript may say about this connection (A3). */
  readonly bindings: readonly ('tls-blind' | 'tls-ca' | 'http')[];
  /** Any reply resolves; rejects when the box cannot be reached, in time or on abort. */
  request(request: HttpRequest): Promise<HttpReply>;
  /**
   * Calls `listener` when the platform believes that the way was lost or is open again, such as
   * after sleep; returns the way to stop.
   */
  onTurn?(listener: () => void): () => void;
  /** Resolves once connected; absent where the platform has no MQTT. */
  mqtt?(login: MqttLogin, events: MqttEvents, signal: AbortSignal): Promise<MqttConnection>;
}

/** The right to be the one engine of this device. */
export interface Place {
  /** Resolves to false at once if another tab or process holds it. */
  take(): Promise<boolean>;
  leave(): void;
}
