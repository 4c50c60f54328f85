import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readXorAddress,
  xorAddress,
} from '../../../../appliance/services/relay/process/addresses.ts';
import {
  ATTRIBUTE,
  encodeStun,
  hasFingerprint,
  hasIntegrity,
  parseStun,
} from '../../../../appliance/services/relay/process/stun.ts';

/** RFC 5769 §2.4: request with long-term credentials. */
const RFC5769 = Buffer.from(
  '000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e382afe382b900000015001c' +
    '662f2f3439396b39353464364f4c33346f4c39465354767936347341001400' +
    '0b6578616d706c652e6f72670000080014f67024656dd64a3e02b8e0712e85c9a28ca89666',
  'hex',
);

describe('STUN messages', () => {
  it('read and sign as in the test vector of RFC 5769', async () => {
    const { createHash } = await import('node:crypto');
    const message = parseStun(RFC5769);
    const integrity = message?.attributes.at(-1);
    if (!message || !integrity) throw new Error('not read');
    expect(message.method).toBe(1);
    expect(message.attributes.map(({ type }) => type)).toEqual([6, 0x15, 0x14, 8]);
    const key = createHash('md5').update('マトリックス:example.org:TheMatrIX').digest();
    expect(hasIntegrity(message, integrity, key)).toBe(true);
    const { attributes, transaction } = message;
    const parts = { kind: 0, method: 1, transaction, attributes: attributes.slice(0, 3), key };
    expect(encodeStun(parts)).toEqual(RFC5769);
    expect(hasIntegrity(message, integrity, Buffer.alloc(16))).toBe(false);
  });

  it('come back as they were written', () => {
    const attribute = fc.record({
      type: fc.nat(0xffff).filter((type) => type !== ATTRIBUTE.fingerprint),
      value: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    });
    const parts = fc.record({
      kind: fc.nat(3),
      method: fc.nat(0xfff),
      transaction: fc.uint8Array({ minLength: 12, maxLength: 12 }).map((b) => Buffer.from(b)),
      attributes: fc.array(attribute, { maxLength: 8 }),
    });
    fc.assert(
      fc.property(parts, (written) => {
        const read = parseStun(encodeStun({ ...written, hasFingerprint: true }));
        if (!read) throw new Error('not read');
        const mark = read.attributes.pop();
        expect(mark && hasFingerprint(read, mark)).toBe(true);
        expect([read.kind, read.method]).toEqual([written.kind, written.method]);
        expect(read.transaction.equals(written.transaction)).toBe(true);
        const pairs = read.attributes.map(({ type, value }) => [type, value.toString('hex')]);
        expect(pairs).toEqual(
          written.attributes.map(({ type, value }) => [type, value.toString('hex')]),
        );
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('are refused, never thrown at, when any length is wrong', () => {
    for (let cut = 0; cut < RFC5769.length; cut++) {
      expect(parseStun(RFC5769.subarray(0, cut))).toBeUndefined();
    }
    expect(parseStun(Buffer.concat([RFC5769, Buffer.of(0)]))).toBeUndefined();
    const bytes = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(bytes, fc.nat(RFC5769.length - 1), fc.nat(255), (noise, at, byte) => {
        parseStun(Buffer.from(noise));
        const bent = Buffer.from(RFC5769);
        bent[at] = byte;
        parseStun(bent);
      }),
      { seed: 6, numRuns: 2000 },
    );
  });

  it('hide addresses as RFC 8489 says, for IPv4 only', () => {
    const peer = { address: '192.0.2.1', port: 32_853 };
    expect(xorAddress(peer).toString('hex')).toBe('0001a147e112a643');
    expect(readXorAddress(xorAddress(peer))).toEqual(peer);
    const high = { address: '255.255.255.255', port: 65_535 };
    expect(readXorAddress(xorAddress(high))).toEqual(high);
    expect(readXorAddress(Buffer.alloc(20, 2))).toBeUndefined();
    expect(readXorAddress(Buffer.alloc(0))).toBeUndefined();
  });
});
