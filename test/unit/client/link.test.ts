import { describe, expect, it } from 'vitest';
import { Link } from '#client/link.ts';
import type { Clock, MqttConnection, MqttEvents, Network } from '#client/ports.ts';
import { until } from '../../support/until.ts';

/** Waits take no time, so that pauses can be read instead of waited for. */
function impatientClock(pauses: number[]): Clock {
  return {
    now: () => 0,
    wait: (ms) => {
      pauses.push(ms);
      return new Promise((resolve) => setImmediate(resolve));
    },
  };
}

interface Opened {
  events: MqttEvents;
  filters: string[];
}

function fakeNetwork(opened: Opened[], refuses: () => boolean): Network {
  return {
    origin: 'https://box',
    bindings: ['tls-blind'],
    request: () => Promise.reject(new Error('not asked')),
    mqtt(_login, events) {
      if (refuses()) return Promise.reject(new Error('refused'));
      const filters: string[] = [];
      opened.push({ events, filters });
      const connection: MqttConnection = {
        subscribe: (added) => {
          filters.push(...added);
          return Promise.resolve();
        },
        publish: () => Promise.resolve(),
        close: () => Promise.resolve(),
      };
      return Promise.resolve(connection);
    },
  };
}

function started(refuses: () => boolean) {
  const opened: Opened[] = [];
  const pauses: number[] = [];
  const hints: string[] = [];
  const stop = new AbortController();
  const link = new Link({
    network: fakeNetwork(opened, refuses),
    clock: impatientClock(pauses),
    login: () => Promise.resolve({ clientId: 'd', userName: 's', password: 'p' }),
    onHint: (topic) => hints.push(topic),
    onChange: () => undefined,
  });
  return { link, opened, pauses, hints, stop, running: link.run(stop.signal) };
}

describe('the link', () => {
  it('listens again to everything after the connection was lost', async () => {
    const { link, opened, stop, running } = started(() => false);
    await link.listen(['b/d']);
    await until('connected', () => opened.length === 1);
    await until('listening', () => opened[0]?.filters.includes('b/d'));
    await link.listen(['b/d', 's/x/h/+']);
    expect(opened[0]?.filters).toEqual(['b/d', 's/x/h/+']);
    opened[0]?.events.onClose();
    await until('connected again', () => opened.length === 2);
    await until('listening again', () => opened[1]?.filters.length === 2);
    stop.abort();
    await running;
    expect(link.isUp).toBe(false);
  });

  it('hands on topics of messages as hints', async () => {
    const { opened, hints, stop, running } = started(() => false);
    await until('connected', () => opened.length === 1);
    opened[0]?.events.onMessage('b/d', new Uint8Array());
    expect(hints).toEqual(['b/d']);
    stop.abort();
    await running;
  });

  it('tries again with growing pauses while the box refuses', async () => {
    const { pauses, stop, running } = started(() => true);
    await until('some tries', () => pauses.length >= 4);
    stop.abort();
    await running;
    expect(pauses.slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
  });
});
