import { describe, expect, test } from 'vitest';
import { reachable } from '#kernel/addresses.ts';
import { Events } from '#kernel/events.ts';
import { terminalLogger } from '#kernel/log.ts';
import { asRefusal, Refusal } from '#kernel/refusal.ts';
import { pauseMs } from '#kernel/retry.ts';
import { Serial } from '#kernel/serial.ts';

describe('the pause before another try', () => {
  test('doubles from the first to the ceiling and stays there', () => {
    const backOff = { firstMs: 100, ceilingMs: 1_000 };
    expect([1, 2, 3, 4, 5, 500].map((count) => pauseMs(count, backOff))).toEqual([
      100, 200, 400, 800, 1_000, 1_000,
    ]);
  });
});

describe('serial work', () => {
  test('begins the next task only when the one before it has settled, also by failing', async () => {
    const serial = new Serial();
    const diary: string[] = [];
    const task = (name: string, fails: boolean) =>
      serial.run(async () => {
        diary.push(`${name} begins`);
        await Promise.resolve();
        diary.push(`${name} ends`);
        if (fails) throw new Error(name);
      });
    const results = await Promise.allSettled([task('a', true), task('b', false)]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled']);
    expect(diary).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });
});

describe('events', () => {
  test('reach every listener although one of them throws', () => {
    const failures: unknown[] = [];
    const events = new Events<{ word: string }>((error) => failures.push(error));
    const heard: string[] = [];
    events.on('word', () => {
      throw new Error('deaf');
    });
    const off = events.on('word', (word) => heard.push(word));
    events.emit('word', 'one');
    off();
    events.emit('word', 'two');
    expect(heard).toEqual(['one']);
    expect(failures).toHaveLength(2);
  });
});

describe('addresses', () => {
  const entry = (address: string, internal = false) =>
    ({ address, internal, family: address.includes(':') ? 'IPv6' : 'IPv4' }) as never;

  test('leave out loopback and link-local ones and put IPv4 first', () => {
    const found = reachable({
      lo: [entry('127.0.0.1', true)],
      wlan0: [entry('fe80::1'), entry('fd00::5'), entry('10.42.0.1'), entry('169.254.3.4')],
    });
    expect(found.map(({ ip }) => ip)).toEqual(['10.42.0.1', 'fd00::5']);
  });
});

describe('a refusal', () => {
  const listening = (code: string) =>
    Object.assign(new Error(), { code, port: 80, syscall: 'listen' });

  test('names the port that is taken and what to do', () => {
    expect(asRefusal(listening('EADDRINUSE'))?.sentence).toMatch(/^Port 80 is used .* Stop /);
  });

  test('says when this user may not open a port', () => {
    expect(asRefusal(listening('EACCES'))?.sentence).toContain('may not open port 80');
  });

  test('is kept as it is, and nothing else becomes one', () => {
    const refusal = new Refusal('No.', 2);
    expect(asRefusal(refusal)).toBe(refusal);
    expect(asRefusal(new Error('other'))).toBeUndefined();
    expect(asRefusal(undefined)).toBeUndefined();
  });
});

describe('the log on a terminal', () => {
  test('is one short line without a stack trace', () => {
    const lines: string[] = [];
    const log = terminalLogger('info', (line) => lines.push(line)).child({ service: 'relay' });
    log.warn({ err: new Error('no worker') }, 'service failed');
    log.debug({}, 'not shown');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d warning service failed service="relay": no worker\n$/,
    );
  });
});
