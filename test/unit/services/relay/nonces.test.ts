import { expect, it } from 'vitest';
import { Nonces } from '../../../../appliance/services/relay/process/nonces.ts';

it('a nonce is good for an hour and only with the process that made it', () => {
  let nowMs = 5000;
  const nonces = new Nonces(() => nowMs);
  const nonce = nonces.make();
  expect(nonces.check(nonce)).toBe(true);
  expect(new Nonces(() => nowMs).check(nonce)).toBe(false);
  nowMs += 3_599_000;
  expect(nonces.check(nonce)).toBe(true);
  nowMs += 1000;
  expect(nonces.check(nonce)).toBe(false);
});

it('a nonce that was changed, dated later or made up is none', () => {
  const nonces = new Nonces(() => 5000);
  const nonce = nonces.make();
  const flipped = nonce.slice(0, -1) + (nonce.endsWith('0') ? '1' : '0');
  const later = `00000006${nonce.slice(8)}`;
  for (const bad of [
    flipped,
    later,
    '',
    'constructor',
    `${nonce.slice(0, -1)}G`,
    `${nonce}0`,
    5,
    null,
  ]) {
    expect(nonces.check(bad), String(bad)).toBe(false);
  }
});
