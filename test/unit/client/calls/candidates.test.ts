import { describe, expect, it } from 'vitest';
import { maxCandidates, usableCandidates, withoutCandidates } from '#client/calls/candidates.ts';

const line = (address: string, kind = 'host'): string =>
  `candidate:1 1 udp 2122260223 ${address} 54321 typ ${kind} generation 0`;
const usable = (...lines: string[]): string[] =>
  usableCandidates(lines.map((a) => ({ a, i: 0, mid: '0' }))).map(({ a }) => a);

describe('candidates of the other device', () => {
  it('are addresses in numbers, of the device or of a relay', () => {
    const good = [line('192.168.4.7'), line('fd00::7'), line('10.0.0.1', 'relay')];
    expect(usable(...good)).toEqual(good);
  });

  it('are never names, which this device would have to ask somebody about', () => {
    const names = ['spy.example.org', 'a1b2.local', '', 'localhost', '300.1.1.1', '1.2.3'];
    expect(usable(...names.map((name) => line(name)))).toEqual([]);
  });

  it('are none that were found through a server, since there is none', () => {
    expect(usable(line('203.0.113.9', 'srflx'), line('203.0.113.9', 'prflx'))).toEqual([]);
  });

  it('are not taken in any other form or in any number', () => {
    expect(usable('', 'candidate:', line('10.0.0.1').slice(9), 'typ host')).toEqual([]);
    const many = Array.from({ length: 99 }, () => line('10.0.0.1'));
    expect(usable(...many)).toHaveLength(maxCandidates);
  });
});

it('a session description brings no candidates past the check', () => {
  const sdp = ['v=0', `a=${line('spy.example.org')}`, 'a=mid:0', 'a=end-of-candidates', ''];
  expect(withoutCandidates(sdp.join('\r\n'))).toBe('v=0\r\na=mid:0\r\n');
});
