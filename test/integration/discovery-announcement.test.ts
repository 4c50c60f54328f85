import { Bonjour, type Service as Found } from 'bonjour-service';
import { expect, test } from 'vitest';
import { silentLogger as log } from '#kernel/log.ts';
import { createDiscovery, discoveryConfig } from '../../appliance/services/discovery/index.ts';
import { until } from '../support/until.ts';

test('a browser of the network finds the box with its port, and loses it when the box stops', async () => {
  const addresses = { current: () => [], onChange: () => () => {} };
  const boxKey = crypto.getRandomValues(new Uint8Array(32));
  const service = createDiscovery(
    { addresses, boxKey, port: () => 18_443, listen: 'lan', log },
    discoveryConfig.parse({ hostName: 'parley-test.local' }),
  );
  const neighbour = new Bonjour();
  const found = new Map<string, Found>();
  const browser = neighbour.find({ type: 'parley' });
  browser.on('up', (one: Found) => found.set(one.name, one));
  browser.on('down', (one: Found) => found.delete(one.name));
  try {
    await service.start(new AbortController().signal);
    const ours = await until('the box is found', () =>
      [...found.values()].find(({ host }) => host === 'parley-test.local'),
    );
    expect(ours.port).toBe(18_443);
    expect(ours.name).toMatch(/^Parley [0-9a-f]{8}$/);
    expect(ours.txt).toEqual({ v: '1', box: ours.name.slice(7) });
    await until('it hears itself', () => service.health().status === 'ok');
    await service.stop();
    await until('it is gone', () => !found.has(ours.name));
  } finally {
    await service.stop();
    browser.stop();
    await new Promise<void>((resolve) => neighbour.destroy(resolve));
  }
});
