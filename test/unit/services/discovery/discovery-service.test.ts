import { describe, expect, test } from 'vitest';
import type { Address } from '#kernel/addresses.ts';
import { silentLogger as log } from '#kernel/log.ts';
import type {
  Announced,
  Announcement,
} from '../../../../appliance/services/discovery/announcer.ts';
import { discoveryConfig } from '../../../../appliance/services/discovery/config.ts';
import { DiscoveryService } from '../../../../appliance/services/discovery/discovery-service.ts';
import { until } from '../../../support/until.ts';

const { signal } = new AbortController();

function discovery(listen: 'lan' | 'loopback', fate: Partial<Announced> = {}) {
  const out: Announcement[] = [];
  let ended = 0;
  let change = (): void => {};
  const announcer = {
    announce: (announcement: Announcement): Announced => {
      out.push(announcement);
      return {
        isHeard: () => true,
        problem: () => undefined,
        end: async () => void (ended += 1),
        ...fate,
      };
    },
  };
  const addresses = {
    current: () => [],
    onChange: (listener: (now: readonly Address[]) => void) => {
      change = () => listener([]);
      return () => {
        change = () => {};
      };
    },
  };
  const service = new DiscoveryService(
    { announcer, addresses, boxKey: new Uint8Array(32), port: () => 8443, listen, log },
    discoveryConfig.parse({}),
  );
  return { service, out, ended: () => ended, change: () => change() };
}

describe('discovery', () => {
  test('tells the port, the host name and the start of a hash, no name and no key', async () => {
    const { service, out } = discovery('lan');
    await service.start(signal);
    expect(out).toEqual([
      {
        name: 'Parley 66687aad',
        hostName: 'parley.local',
        port: 8443,
        facts: { v: '1', box: '66687aad' },
      },
    ]);
    expect(service.health().status).toBe('ok');
    await service.stop();
  });

  test('announces anew, after taking the old one back, when addresses change', async () => {
    const { service, out, ended, change } = discovery('lan');
    await service.start(signal);
    change();
    await until('a second announcement', () => out.length === 2);
    expect(ended()).toBe(1);
    await service.stop();
    change();
    expect([out.length, ended()]).toEqual([2, 2]);
  });

  test('is degraded, not failed, where multicast does not work', async () => {
    for (const fate of [{ isHeard: () => false }, { problem: () => 'ENETUNREACH' }]) {
      const { service } = discovery('lan', fate);
      await service.start(signal);
      expect(service.health().status).toBe('degraded');
      await service.stop();
    }
  });

  test('announces nothing for a box that only this machine can reach', async () => {
    const { service, out } = discovery('loopback');
    await service.start(signal);
    expect(out).toEqual([]);
    expect(service.health().status).toBe('ok');
    await service.stop();
  });
});
