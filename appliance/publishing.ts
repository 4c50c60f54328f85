import type { Logger } from '#kernel/log.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import { encode, type Json } from '#protocol/codec/canonical-json.ts';
import { topicOf } from '#protocol/codec/fingerprint.ts';
import { writeAnnouncement } from '#protocol/sync/announcement.ts';
import type { BrokerService } from './services/broker/index.ts';
import type { ConferenceService } from './services/conference/index.ts';
import type { SwarmService } from './services/swarm/index.ts';

/** Who learns something, and who tells it. */
interface Publishing {
  swarm: SwarmService;
  conference: ConferenceService;
  broker: BrokerService;
}

/**
 * Lets the broker tell what the services learned: heads as retained
 * announcements, everything else as a hint to the devices concerned. A hint that
 * is lost costs nothing but time: devices ask by themselves as well.
 */
export function publishFacts({ swarm, conference, broker }: Publishing, log: Logger): void {
  const publish = (topic: string, payload: string, retain: boolean): void => {
    broker.publish(topic, utf8(payload), { retain }).catch((error: unknown) => {
      // While the broker restarts; it asks for all heads again when it is back.
      log.debug({ err: error }, 'an announcement was not published');
    });
  };
  const hint = (devices: readonly string[], what: Json): void => {
    for (const device of devices) publish(`b/${device}`, encode(what), false);
  };
  swarm.events.on('head', ({ cid, device, n, oid, q, sid }) => {
    const announcement = writeAnnouncement({ n, o: oid, q, s: sid });
    publish(`s/${topicOf(cid)}/h/${device}`, announcement, true);
  });
  swarm.events.on('claim', ({ devices }) => hint(devices, { t: 'claim' }));
  swarm.events.on('swarm', ({ cid, devices }) => hint(devices, { c: cid, t: 'swarm' }));
  conference.events.on('room', ({ id, devices }) => hint(devices, { r: id, t: 'room' }));
  // Every change of members comes with a new head; who was removed is out of every room at once.
  swarm.events.on('head', () => conference.sweep());
  broker.onReady(() => swarm.announce());
}
