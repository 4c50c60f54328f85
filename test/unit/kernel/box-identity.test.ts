import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Address } from '#kernel/addresses.ts';
import { openBoxIdentity } from '#kernel/box-identity.ts';
import { nodeEngine } from '#kernel/node-engine.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import { verifyBlob } from '#protocol/crypto/verify-strict.ts';
import { FakeClock } from '../../support/fake-clock.ts';

let directory: string;
let clock: FakeClock;
let present: Address[];
const addresses = { current: () => present, onChange: () => () => {} };
const address = (ip: string): Address => ({
  ip,
  family: ip.includes(':') ? 6 : 4,
  onInterface: 'wlan0',
});
const open = () => openBoxIdentity(directory, 'parley.local', addresses, clock);

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-identity-'));
  clock = new FakeClock();
  present = [address('10.42.0.1'), address('fd00::5')];
});
afterEach(() => rm(directory, { recursive: true }));

describe('the identity of the box', () => {
  test('is the same after a restart', async () => {
    const [first, second] = [await open(), await open()];
    expect(second.publicKey).toEqual(first.publicKey);
    expect(second.fingerprint()).toBe(first.fingerprint());
  });

  test.each(['box-key.pem', 'tls-key.pem'])('with a damaged %s says so', async (name) => {
    await open();
    for (const text of ['', 'rubbish']) {
      await writeFile(join(directory, name), text);
      await expect(open()).rejects.toThrow(`${join(directory, name)} is damaged.`);
    }
  });

  test('has an opening key of its own for each mission, made again when damaged', async () => {
    const { openingKey } = await open();
    expect(openingKey).toHaveLength(16);
    expect((await open()).openingKey).toEqual(openingKey);
    await writeFile(join(directory, 'opening-key'), 'rubbish');
    const again = (await open()).openingKey;
    expect(again).toHaveLength(16);
    expect(again).not.toEqual(openingKey);
    expect((await open()).openingKey).toEqual(again);
  });

  test('makes a damaged certificate again', async () => {
    await open();
    await writeFile(join(directory, 'tls-certificate.pem'), 'rubbish');
    expect((await open()).fingerprint()).toMatch(/^[0-9A-F]{2}:/);
  });

  test('signs so that the protocol accepts it, in its own namespace only', async () => {
    const box = await open();
    const signature = await box.sign('parley-box-v1', utf8('hello'));
    const verify = (namespace: 'parley-box-v1' | 'git') =>
      verifyBlob(nodeEngine, namespace, box.publicKey, utf8('hello'), signature);
    expect(await verify('parley-box-v1')).toBe(true);
    expect(await verify('git')).toBe(false);
    await expect(box.sign('other' as never, utf8('hello'))).rejects.toThrow();
  });

  test('has a certificate for every name and address, valid in the past and for a year', async () => {
    const certificate = new X509Certificate((await open()).tls().cert);
    for (const name of ['localhost', 'parley.local']) {
      expect(certificate.checkHost(name), name).toBe(name);
    }
    for (const ip of ['127.0.0.1', '::1', '10.42.0.1', 'fd00::5']) {
      expect(certificate.checkIP(ip), ip).toBeDefined();
    }
    expect(certificate.checkHost('example.org')).toBeUndefined();
    const day = 24 * 3_600_000;
    expect(Date.parse(certificate.validFrom)).toBeLessThan(clock.now() - 300 * day);
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(clock.now() + 300 * day);
    const span = Date.parse(certificate.validTo) - Date.parse(certificate.validFrom);
    expect(span).toBeLessThanOrEqual(825 * day);
  });

  test('shows the fingerprint as browsers do', async () => {
    expect((await open()).fingerprint()).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  });

  test('gets a new certificate with the same key when an address is new', async () => {
    const box = await open();
    const before = box.tls();
    expect(await box.renewIfNeeded()).toBe(false);
    present = [address('192.168.7.7')];
    expect(await box.renewIfNeeded()).toBe(true);
    const after = box.tls();
    expect(after.key).toBe(before.key);
    expect(new X509Certificate(after.cert).checkIP('192.168.7.7')).toBeDefined();
  });

  test('keeps its certificate when only a privacy address of IPv6 changes', async () => {
    const box = await open();
    present = [address('10.42.0.1'), address('fd00::6')];
    expect(await box.renewIfNeeded()).toBe(false);
  });

  test('renews before the certificate runs out', async () => {
    const box = await open();
    clock.pass(300 * 24 * 3_600_000);
    expect(await box.renewIfNeeded()).toBe(true);
  });

  test('makes a certificate again that was made while the clock was far ahead', async () => {
    clock.jump(20 * 365 * 24 * 3_600_000);
    await open();
    clock.jump(-20 * 365 * 24 * 3_600_000);
    const { validFrom } = new X509Certificate((await open()).tls().cert);
    expect(Date.parse(validFrom)).toBeLessThan(clock.now());
  });

  test('is not fooled by a clock that starts in 1970', async () => {
    clock.jump(-clock.now());
    const certificate = new X509Certificate((await open()).tls().cert);
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.UTC(2027, 0, 1));
  });
});
