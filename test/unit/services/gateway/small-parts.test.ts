import { describe, expect, test } from 'vitest';
import { AddressRates } from '../../../../appliance/services/gateway/address-rates.ts';
import { addressGroup, plainAddress } from '../../../../appliance/services/gateway/connections.ts';
import { gatewayErrors } from '../../../../appliance/services/gateway/errors.ts';
import { cacheControl } from '../../../../appliance/services/gateway/headers.ts';
import { PendingLogins } from '../../../../appliance/services/gateway/login/pending-logins.ts';
import { ReplayWindow } from '../../../../appliance/services/gateway/login/replay-window.ts';
import {
  chooseLanguage,
  languages,
} from '../../../../appliance/services/gateway/plain/languages.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { seeded } from '../../../support/seeded.ts';

describe('the window of counters', () => {
  test('lets each counter pass once, in any order within its reach', () => {
    const window = new ReplayWindow();
    const random = seeded(7);
    const seen = new Set<number>();
    let highest = -1;
    for (let round = 0; round < 20_000; round++) {
      const counter = Math.max(0, highest + Math.floor(random() * 1_400) - 1_200);
      const isGood = !seen.has(counter) && counter > highest - 1_024;
      expect(window.use(counter), `${counter} after ${highest}`).toBe(isGood);
      if (isGood) seen.add(counter);
      highest = Math.max(highest, counter);
    }
  });

  test('survives the largest jump and refuses what is no counter', () => {
    const window = new ReplayWindow();
    expect(window.use(0)).toBe(true);
    expect(window.use(Number.MAX_SAFE_INTEGER)).toBe(true);
    expect(window.use(Number.MAX_SAFE_INTEGER)).toBe(false);
    for (const odd of [-1, 0.5, Number.NaN, 2 ** 53, Infinity]) expect(window.use(odd)).toBe(false);
  });
});

describe('begun logins', () => {
  const login = { device: 'd', transcript: new Uint8Array(), sessionKey: new Uint8Array() };

  test('of an address that begins too many push out only its own', () => {
    const pending = new PendingLogins(2, new FakeClock());
    pending.add('mine', '10.0.0.1', login);
    for (let index = 0; index < 50; index++) pending.add(`flood ${index}`, '10.0.0.2', login);
    expect(pending.take('mine', '10.0.0.1')).toBeDefined();
    expect(pending.take('flood 0', '10.0.0.2')).toBeUndefined();
    expect(pending.take('flood 49', '10.0.0.2')).toBeDefined();
  });

  test('cannot be finished or used up from another address', () => {
    const pending = new PendingLogins(2, new FakeClock());
    pending.add('nonce', '10.0.0.1', login);
    expect(pending.take('nonce', '10.0.0.9')).toBeUndefined();
    expect(pending.take('nonce', '10.0.0.1')).toBeDefined();
  });
});

describe('the budget of an address', () => {
  test('refills with time, says how long to wait, and is not shared with others', () => {
    const clock = new FakeClock();
    const rates = new AddressRates(60, 2, clock);
    expect([1, 2, 3].map(() => rates.spend('10.0.0.1'))).toEqual([0, 0, 1]);
    expect(rates.spend('10.0.0.2')).toBe(0);
    clock.pass(1_000);
    expect(rates.spend('10.0.0.1')).toBe(0);
  });

  test('is one for all addresses that one IPv6 host may take', () => {
    const rates = new AddressRates(60, 1, new FakeClock());
    expect(rates.spend('fd00:1:2:3::1')).toBe(0);
    expect(rates.spend('fd00:1:2:3:ffff::9')).toBe(1);
    expect(rates.spend('fd00:1:2:4::1')).toBe(0);
  });

  test('is kept for a bounded number of addresses', () => {
    const rates = new AddressRates(60, 1, new FakeClock());
    rates.spend('10.0.0.1');
    for (let index = 0; index < 10_000; index++) rates.spend(`host ${index}`);
    expect(rates.spend('10.0.0.1')).toBe(0);
  });
});

describe('an address', () => {
  test('loses mapping and zone', () => {
    expect(plainAddress('::ffff:10.0.0.1')).toBe('10.0.0.1');
    expect(plainAddress('fe80::1%eth0')).toBe('fe80::1');
    expect(plainAddress(undefined)).toBe('');
  });

  test('of IPv6 is grouped by its first half, however it is written', () => {
    expect(addressGroup('fd00:1:2:3::')).toBe('fd00:1:2:3');
    expect(addressGroup('fd00::3:4:5:6:7')).toBe('fd00:0:0:3');
    expect(addressGroup('::1')).toBe('0:0:0:0');
    expect(addressGroup('10.0.0.1')).toBe('10.0.0.1');
  });
});

describe('caching', () => {
  test('is for ever only where the name holds a hash', () => {
    expect(cacheControl('/app/assets/main-B1x_9-aZ.js')).toContain('immutable');
    expect(cacheControl('/app/assets/rubik-Ab12Cd34.woff2.br')).toContain('immutable');
    expect(cacheControl('/app/index.html')).toBe('no-cache');
    expect(cacheControl('/app/assets/plain.js')).toBe('no-cache');
  });
});

describe('the language of the plain page', () => {
  test.each([
    ['de-CH, fr;q=0.9', 'de'],
    ['fr, en;q=0.2, ar;q=0.7', 'ar'],
    ['uk;q=0, de;q=0.1', 'de'],
    ['', 'en'],
    ['*', 'en'],
    [',;q=x,,__proto__', 'en'],
    ['x,'.repeat(50_000), 'en'],
  ])('for %.20j is %s', (accepted, language) => {
    expect(chooseLanguage(accepted)).toBe(language);
  });

  test('has every text in every language', () => {
    const { en } = languages;
    for (const [code, words] of Object.entries(languages)) {
      for (const [key, value] of Object.entries(words))
        expect(value, `${code} ${key}`).not.toBe('');
      expect(Object.keys(words)).toEqual(Object.keys(en ?? {}));
    }
  });
});

describe('the error table', () => {
  test('prefixes every code and tells the other side something', () => {
    for (const [code, row] of Object.entries(gatewayErrors)) {
      expect(code).toMatch(/^GATEWAY_[A-Z_]+$/);
      expect(row.publicMessage).toMatch(/\.$/);
    }
  });
});
