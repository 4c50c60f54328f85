import type { Duplex } from 'node:stream';

/** How the box's own message is sent. */
export interface PublishOptions {
  /** The broker keeps it and gives it to every later subscriber; an empty payload takes it back. */
  retain: boolean;
}

/** An MQTT broker without a listener of its own. */
export interface Mqtt {
  open(): Promise<void>;
  /** Takes a connection; `address` only counts logins that are under way. */
  accept(stream: Duplex, address: string): void;
  publish(topic: string, payload: Uint8Array, options: PublishOptions): Promise<void>;
  /** Cuts a device's connection at once and forgets what waits for it. */
  drop(device: string): void;
  /** Devices that are logged in. */
  readonly devicesCount: number;
  /** Set once something failed inside that only a restart mends. */
  readonly failure: Error | undefined;
  close(): Promise<void>;
}
