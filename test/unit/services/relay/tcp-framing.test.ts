import { describe, expect, it } from 'vitest';
import { ByteRate } from '../../../../appliance/services/relay/process/byte-rate.ts';
import { tcpFrame, TcpFraming } from '../../../../appliance/services/relay/process/tcp-framing.ts';
import { encodeStun } from '../../../../appliance/services/relay/process/stun.ts';
import { seeded, seededBytes } from '../../../support/seeded.ts';

const binding = encodeStun({
  kind: 0,
  method: 1,
  transaction: Buffer.alloc(12, 7),
  attributes: [],
});
const channel = Buffer.from('4001000548656c6c6f', 'hex');

describe('the cutting of a stream', () => {
  it('gives the same messages however it is torn', () => {
    const random = seeded(5);
    const messages = Array.from({ length: 60 }, () => (random() < 0.5 ? binding : channel));
    const stream = Buffer.concat(messages.map(tcpFrame));
    for (let round = 0; round < 50; round++) {
      const framing = new TcpFraming();
      const found: Buffer[] = [];
      for (let at = 0; at < stream.length;) {
        const size = 1 + Math.floor(random() * 40);
        found.push(...(framing.push(stream.subarray(at, at + size)) ?? []));
        at += size;
      }
      expect(found.map(String)).toEqual(messages.map(tcpFrame).map(String));
    }
  });

  it('ends at what is neither STUN nor ChannelData, and at frames that are too long', () => {
    for (const noise of [
      'GET / HTTP/1.1',
      '\x16\x03\x01\x02',
      '\x00\x01\x00\x03aaaa',
      '\x00\x01\x00\x00aaaa',
    ]) {
      expect(new TcpFraming().push(Buffer.from(noise, 'latin1'))).toBeUndefined();
    }
    expect(new TcpFraming().push(Buffer.from('40012000', 'hex'))).toBeUndefined();
    expect(new TcpFraming().push(Buffer.from('40010fff', 'hex'))).toEqual([]);
  });

  it('never throws', () => {
    const random = seeded(6);
    for (let round = 0; round < 2000; round++) {
      const framing = new TcpFraming();
      for (let n = 0; n < 4; n++) {
        const bytes = seededBytes(random, Math.floor(random() * 30));
        if (bytes.length > 0 && random() < 0.7) bytes[0] = (bytes[0] ?? 0) & 0x7f;
        framing.push(bytes);
      }
    }
  });
});

describe('the rate of an allocation', () => {
  it('lets a second pass at once and refills with time, never beyond', () => {
    let nowMs = 0;
    const rate = new ByteRate(1000, () => nowMs);
    expect([rate.spend(600), rate.spend(600), rate.spend(400), rate.spend(1)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    nowMs += 500;
    expect([rate.spend(500), rate.spend(1)]).toEqual([true, false]);
    nowMs += 60_000;
    expect([rate.spend(1000), rate.spend(1)]).toEqual([true, false]);
  });
});
