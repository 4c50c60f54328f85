import type { Clock } from '#kernel/clock.ts';
import type { Bound } from '#kernel/following.ts';
import type { Health } from '#kernel/service.ts';
import type { PortRange } from './process/messages.ts';

/** What every provider is built from. */
export interface TurnDeps {
  /** IPv4 addresses of the box that participants can reach, as they are now. */
  addresses: () => readonly string[];
  /** Further ports of the box that may be relayed to: the SFU's. */
  openPorts: readonly PortRange[];
  clock: Clock;
}

/** What a browser puts into `RTCConfiguration.iceServers`. */
export interface TurnCredentials {
  urls: readonly string[];
  username: string;
  credential: string;
  /** Seconds for which they are good. */
  ttl: number;
}

/**
 * A STUN and TURN server, whichever program it is. `start` resolves when it answers
 * and rejects with a Refusal when its port cannot be opened.
 */
export interface TurnProvider extends Bound {
  /** Fresh credentials for a device, good for `ttlSeconds`. They do not name the device. */
  credentials(device: string, ttlSeconds: number): TurnCredentials;
  health(): Health;
  /** Id of its process, for whoever wants to look at it; undefined when it does not run. */
  readonly pid: number | undefined;
}
