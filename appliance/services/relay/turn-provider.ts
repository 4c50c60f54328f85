import type { Bound } from '#kernel/following.ts';
import type { Health } from '#kernel/service.ts';

/** What a browser puts into `RTCConfiguration.iceServers`. */
export interface TurnCredentials {
  urls: readonly string[];
  username: string;
  credential: string;
}

/**
 * A STUN and TURN server, whichever program it is. `start` resolves when it answers
 * and rejects with a Refusal when its port cannot be opened.
 */
export interface TurnProvider extends Bound {
  /** Fresh credentials for a device, good for `ttlSeconds`. They do not name the device. */
  credentials(device: string, ttlSeconds: number): TurnCredentials;
  health(): Health;
}
