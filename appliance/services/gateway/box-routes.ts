import type { Clock } from '#kernel/clock.ts';
import type { Route, RouteReply } from '#kernel/route.ts';
import type { BoxHealth } from '#kernel/service.ts';
import { toB64u } from '#protocol/codec/text-form.ts';

/** What the gateway asks about the mission; the swarm service answers from its refs. */
export interface Mission {
  /** Identity of the mission; undefined while there is none. */
  cid(): string | undefined;
  /** Whether a founding is under way. */
  isFounding(): boolean;
  /** Who a device is now; undefined when unknown, revoked or banned. */
  device(dfp: string): MissionDevice | undefined;
  /** The same, but also of parties that were removed or withdrew (T1): for `entitled` routes. */
  former(dfp: string): MissionDevice | undefined;
}

/** A device of the mission that may come in. */
export interface MissionDevice {
  /** Raw Ed25519, 32 bytes. */
  key: Uint8Array;
  /** Fingerprints. */
  member: string;
  party: string;
}

/** `GET /v1/box`: what a browser needs to know before it can log in. */
export function boxRoute(boxKey: Uint8Array, mission: Mission, clock: Clock): Route {
  return {
    method: 'GET',
    path: '/v1/box',
    access: 'open',
    maxBodyBytes: 0,
    handle: async () => {
      const cid = mission.cid();
      return {
        json: {
          v: 1,
          bk: toB64u(boxKey),
          ...(cid === undefined ? {} : { mission: cid }),
          founding: mission.isFounding(),
          time: Math.floor(clock.now() / 1000),
        },
      };
    },
  };
}

/** `GET /healthz`: one word and one sentence a service; 503 when the box is of no use. */
export function healthRoute(health: () => BoxHealth): Route {
  return {
    method: 'GET',
    path: '/healthz',
    access: 'open',
    maxBodyBytes: 0,
    handle: async (): Promise<RouteReply> => {
      const { status, services } = health();
      return { status: status === 'failed' ? 503 : 200, json: { status, services } };
    },
  };
}
