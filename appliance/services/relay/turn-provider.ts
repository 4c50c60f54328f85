import type { Health } from '#kernel/service.ts';

/** What a browser puts into `RTCConfiguration.iceServers`. */
export interface TurnCredentials {
  urls: readonly string[];
  username: string;
  credential: string;
}

/** A STUN and TURN server, whichever program it is. */
export interface TurnProvider {
  /** Resolves when it answers; rejects with a Refusal when its port cannot be opened. */
  start(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
  /** Fresh credentials for a device, good for `ttlSeconds`. They do not name the device. */
  credentials(device: string, ttlSeconds: number): TurnCredentials;
  health(): Health;
}
