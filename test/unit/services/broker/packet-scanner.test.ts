import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PacketScanner } from '../../../../appliance/services/broker/packet-scanner.ts';

/** A packet of the given type with a body of `length` zero bytes. */
function packet(type: number, length: number): number[] {
  const header = [type << 4];
  let left = length;
  do {
    header.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left >>= 7;
  } while (left > 0);
  return [...header, ...Array.from({ length }, () => 0)];
}

describe('the packet scanner', () => {
  it('counts packets, however the stream is cut into chunks', () => {
    const lengths = fc.array(fc.nat(300), { maxLength: 12 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 50 }), (sizes, step) => {
        const bytes = Uint8Array.from([packet(1, 20), ...sizes.map((n) => packet(3, n))].flat());
        const scanner = new PacketScanner(1000);
        let begun = 0;
        for (let at = 0; at < bytes.length; at += step) {
          begun += scanner.scan(bytes.subarray(at, at + step)) ?? Number.NaN;
        }
        expect(begun).toBe(sizes.length + 1);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('refuses a packet that announces more than the limit, before any of it has come', () => {
    const scanner = new PacketScanner(65_536);
    expect(scanner.scan(Uint8Array.from(packet(1, 30)))).toBe(1);
    expect(scanner.scan(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f))).toBeUndefined();
  });

  it('refuses a first packet that is no CONNECT or longer than a login can be', () => {
    expect(new PacketScanner(65_536).scan(Uint8Array.from(packet(3, 5)))).toBeUndefined();
    expect(new PacketScanner(65_536).scan(Uint8Array.from(packet(1, 4097)))).toBeUndefined();
    expect(new PacketScanner(65_536).scan(Uint8Array.from(packet(1, 4096)))).toBe(1);
  });

  it('refuses a length that never ends and types that do not exist', () => {
    expect(new PacketScanner(9).scan(Uint8Array.of(0x10, 0x80, 0x80, 0x80, 0x80))).toBeUndefined();
    for (const type of [0, 15]) {
      const scanner = new PacketScanner(9);
      scanner.scan(Uint8Array.from(packet(1, 2)));
      expect(scanner.scan(Uint8Array.of(type << 4))).toBeUndefined();
    }
  });
});
