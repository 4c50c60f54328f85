import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  issueCredential,
  passwordOf,
  pseudonymOf,
} from '../../../../appliance/services/relay/credentials.ts';

const secret = Buffer.alloc(32, 7);
const nowMs = 1_800_000_000_000;
const issued = issueCredential(secret, 'device-one', 1_800_000_600);

describe('relay credentials', () => {
  it('are HMAC-SHA-1 of the user name, as other servers check them too', () => {
    const expected = createHmac('sha1', secret).update(issued.username).digest('base64');
    expect(issued.credential).toBe(expected);
    expect(passwordOf(secret, issued.username, nowMs)).toBe(issued.credential);
  });

  it('end at their time', () => {
    expect(passwordOf(secret, issued.username, 1_800_000_599_999)).toBeDefined();
    expect(passwordOf(secret, issued.username, 1_800_000_600_000)).toBeUndefined();
  });

  it('do not name the device, but are the same for one device so that quotas hold', () => {
    const again = issueCredential(secret, 'device-one', 1_800_009_999);
    const other = issueCredential(secret, 'device-two', 1_800_000_600);
    expect(issued.username).not.toContain('device');
    expect(pseudonymOf(again.username, nowMs)).toBe(pseudonymOf(issued.username, nowMs));
    expect(pseudonymOf(other.username, nowMs)).not.toBe(pseudonymOf(issued.username, nowMs));
  });

  it('exist for no word of the language and no other form', () => {
    const attacks = [
      ...['constructor', '__proto__', 'toString', 'hasOwnProperty', '', ':', '9999999999:'],
      ...[`${issued.username} `, `${issued.username}\n`, `9${issued.username}`, 'NaN:00'],
      ...[`1e9999999:${'0'.repeat(32)}`, `-800000600:${'0'.repeat(32)}`, '9999999999:constructor'],
    ];
    for (const name of attacks) expect(passwordOf(secret, name, nowMs), name).toBeUndefined();
  });
});
