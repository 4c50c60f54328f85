import { describe, expect, it } from 'vitest';
import { PeerPolicy } from '../../../../appliance/services/relay/process/peer-policy.ts';

const own = [
  { address: '127.0.0.1', netmask: '255.0.0.0' },
  { address: '192.168.1.10', netmask: '255.255.255.0' },
  { address: '10.9.8.1', netmask: '255.255.255.254' },
];
const policy = new PeerPolicy(() => own, [{ from: 49_152, to: 49_999 }]);

describe('where relayed media may go', () => {
  it('is to other machines', () => {
    for (const peer of ['192.168.1.77', '10.0.0.1', '172.16.5.5', '100.64.1.1', '8.8.8.8']) {
      expect(policy.mayReach(peer, 5000), peer).toBe(true);
    }
  });

  it('is never to loopback, link-local, groups, reserved networks or nonsense', () => {
    const attacks = [
      ...['127.0.0.1', '127.1.2.3', '127.255.255.255', '0.0.0.0', '0.1.2.3'],
      ...['169.254.169.254', '224.0.0.251', '239.255.255.250', '240.0.0.1', '255.255.255.255'],
      ...[
        '',
        'localhost',
        '::1',
        '::ffff:127.0.0.1',
        '1.2.3',
        '1.2.3.4.5',
        '256.1.1.1',
        '1.2.3.-4',
      ],
    ];
    for (const peer of attacks) {
      expect(policy.mayPermit(peer), peer).toBe(false);
      expect(policy.mayReach(peer, 49_500), peer).toBe(false);
    }
  });

  it('is never to a broadcast or network address of a network we are in', () => {
    expect(policy.mayPermit('192.168.1.255')).toBe(false);
    expect(policy.mayPermit('192.168.1.0')).toBe(false);
    expect(policy.mayPermit('192.168.2.255')).toBe(true);
    expect(policy.mayPermit('10.9.8.0')).toBe(true);
  });

  it('is to the box itself only where media of others is relayed, never to its services', () => {
    expect(policy.mayPermit('192.168.1.10')).toBe(true);
    for (const port of [22, 443, 3478, 5353, 8443, 8883, 49_151, 50_000, 0]) {
      expect(policy.mayReach('192.168.1.10', port), String(port)).toBe(false);
    }
    expect(policy.mayReach('192.168.1.10', 49_152)).toBe(true);
    expect(policy.mayReach('192.168.1.10', 49_999)).toBe(true);
    expect(policy.mayReach('192.168.1.77', 0)).toBe(false);
  });

  it('follows the interfaces as they come and go', () => {
    const changing = [...own];
    const following = new PeerPolicy(() => changing, []);
    expect(following.mayReach('10.5.5.5', 443)).toBe(true);
    changing.push({ address: '10.5.5.5', netmask: '255.255.0.0' });
    expect(following.mayReach('10.5.5.5', 443)).toBe(false);
  });
});
