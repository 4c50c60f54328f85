import { describe, expect, it } from 'vitest';
import { OpenCarrier } from '#client/exchange.ts';
import { Session } from '#client/session.ts';
import { deviceFingerprint } from '#protocol/codec/fingerprint.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { boxKeyHash } from '#protocol/mission/login.ts';
import { FakeBox } from '../../support/client/fake-box.ts';
import { nodeEngine } from '../../../appliance/terminal/platform/node-engine.ts';

const { signal } = new AbortController();

function sessionAt(box: FakeBox, boxKey = seedSigner(box.seed).publicKey): Session {
  const signer = seedSigner(nodeEngine.random(32));
  return new Session({
    open: new OpenCarrier(box),
    bindings: box.bindings,
    engine: nodeEngine,
    signer,
    dfp: deviceFingerprint(signer.publicKey),
    cid: 'a'.repeat(52),
    boxKeyHash: boxKeyHash(boxKey),
  });
}

describe('the session', () => {
  it('logs in once for many requests, with a counter that never repeats', async () => {
    const box = new FakeBox();
    const session = sessionAt(box);
    await Promise.all([1, 2, 3].map(() => session.ask({ method: 'GET', path: '/v1/s', signal })));
    expect(box.logins).toBe(1);
    const counters = box.seen.flatMap((request) => request.headers?.['parley-counter'] ?? []);
    expect(new Set(counters).size).toBe(3);
  });

  it('logs in again when the box has forgotten it', async () => {
    const box = new FakeBox();
    const session = sessionAt(box);
    await session.ask({ method: 'GET', path: '/v1/s', signal });
    box.forgetSessions();
    await session.ask({ method: 'GET', path: '/v1/s', signal });
    expect(box.logins).toBe(2);
  });

  it('begins a login again whose nonce ended meanwhile, once', async () => {
    const box = new FakeBox();
    box.lateLogins = 1;
    const ask = () => sessionAt(box).ask({ method: 'GET', path: '/v1/s', signal });
    expect((await ask()).status).toBe(200);
    box.lateLogins = 2;
    await expect(ask()).rejects.toThrow('GATEWAY_NONCE_UNKNOWN');
  });

  it('signs nothing for a box with another key than the code named', async () => {
    const box = new FakeBox();
    const session = sessionAt(box, seedSigner(nodeEngine.random(32)).publicKey);
    await expect(session.ask({ method: 'GET', path: '/v1/s', signal })).rejects.toMatchObject({
      problem: { code: 'BOX_OTHER_KEY' },
    });
    expect(box.seen.map(({ path }) => path)).toEqual(['/v1/nonce']);
  });

  it('signs nothing for a box that names the right key but has not got it', async () => {
    const box = new FakeBox();
    const real = seedSigner(nodeEngine.random(32)).publicKey;
    box.claimedKey = real;
    const session = sessionAt(box, real);
    await expect(session.ask({ method: 'GET', path: '/v1/s', signal })).rejects.toMatchObject({
      problem: { code: 'BOX_OTHER_KEY' },
    });
    expect(box.seen.map(({ path }) => path)).toEqual(['/v1/nonce']);
  });

  it('accepts no login that claims to run over plain HTTP when it does not', async () => {
    const box = new FakeBox();
    box.binding = 'http';
    await expect(
      sessionAt(box).ask({ method: 'GET', path: '/v1/s', signal }),
    ).rejects.toMatchObject({ problem: { code: 'BOX_OTHER_KEY' } });
  });

  it('tries to log in again after the box was away', async () => {
    const box = new FakeBox();
    const session = sessionAt(box);
    box.isAway = true;
    const ask = () => session.ask({ method: 'GET', path: '/v1/s', signal });
    await expect(ask()).rejects.toThrow('did not answer');
    box.isAway = false;
    expect((await ask()).status).toBe(200);
  });
});
