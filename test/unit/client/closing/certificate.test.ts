import { describe, expect, it } from 'vitest';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { toB64u, toBase64 } from '#protocol/codec/text-form.ts';
import { seedSigner, type Signer } from '#protocol/crypto/sign.ts';
import { erasureMessage, erasureText, type ErasureClaim } from '#protocol/export/erasure.ts';
import { EndDevice } from '../../../support/client/end-device.ts';
import { seedOf } from '../../../support/people.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import {
  agreementTo,
  closed,
  finalOf,
  receiptFor,
  recordNamed,
  type SimEnd,
} from '../../../support/swarm-simulator/end.ts';

const { signal } = new AbortController();
const record = recordNamed(1);

/** Red and Blue at the end; Red hears nothing of the receipts. */
async function ended() {
  const sim = await closed('alice@red', 'bob@blue');
  const [alice, bob] = sim.people as [SimDevice, SimDevice];
  for (const one of [alice, bob]) await one.write(one.mission, 'final', finalOf(one));
  await sync(alice, bob);
  for (const one of [alice, bob]) {
    await one.write(one.mission, 'agree', await agreementTo(sim, one, record));
  }
  await sync(alice, bob);
  const hers = await alice.write(alice.mission, 'receipt', await receiptFor(sim, alice, record));
  const his = await bob.write(bob.mission, 'receipt', await receiptFor(sim, bob, record));
  return { sim, alice, bob, receipts: [hers, his] as const };
}

async function signed(
  sim: SimEnd,
  receipts: readonly Commit[],
  { change = {}, box = sim.box }: { change?: Partial<ErasureClaim>; box?: Signer } = {},
): Promise<string> {
  const c: ErasureClaim = {
    ...record,
    cid: sim.cid,
    commits: receipts.map(({ raw }) => toBase64(raw)),
    erased: [
      ['mission', 12, 3456],
      ['files', 1, 44],
    ],
    excused: [],
    ...({ medium: 'files', method: 'removed' } as const),
    receipts: receipts.map(({ sid }) => sid).sort(),
    t: 'erased',
    unseen: [],
    v: 1,
    when: 1_800_000_000,
    ...change,
  };
  const s = toB64u(await box.sign('parley-box-v1', erasureMessage(c)));
  return erasureText({ bk: toB64u(box.publicKey), c, s });
}

async function shown(sim: SimEnd, device: SimDevice, text: string) {
  const here = new EndDevice(device, sim.box.publicKey);
  here.doors.answers.set('/v1/end/certificate', () => new TextEncoder().encode(text));
  const isFound = await here.certificate.look(signal);
  return { here, isFound };
}

describe('a certificate', { timeout: 20_000 }, () => {
  it('with the receipts that earn it is believed, and says what was erased', async () => {
    const { alice, receipts, sim } = await ended();
    const text = await signed(sim, receipts);
    const { here, isFound } = await shown(sim, alice, text);
    expect(isFound).toBe(true);
    expect(here.certificate.text()).toBe(text);
    expect(here.certificate.view()).toMatchObject({
      ...{ files: 13, bytes: 3500, isProven: true, isEarned: true, receipts: [0, 1], excused: [] },
      ...{ medium: 'files', atMs: 1_800_000_000_000 },
    });
    expect(here.certificate.view()?.number).toMatch(/^[0-9a-f]{4}( [0-9a-f]{4}){2}$/u);
    expect(here.problems).toEqual([]);
  });

  it('says so when something was left over', async () => {
    const { alice, receipts, sim } = await ended();
    const { here } = await shown(
      sim,
      alice,
      await signed(sim, receipts, { change: { unseen: ['core'] } }),
    );
    expect(here.certificate.view()?.isProven).toBe(false);
  });

  it('of another mission is not looked at', async () => {
    const { alice, receipts, sim } = await ended();
    const text = await signed(sim, receipts, { change: { cid: 'a'.repeat(52) } });
    const { here, isFound } = await shown(sim, alice, text);
    expect([isFound, here.problems]).toEqual([false, []]);
  });

  it('that another box signed is false', async () => {
    const { alice, receipts, sim } = await ended();
    const box = seedSigner(seedOf('another box'));
    const { here, isFound } = await shown(sim, alice, await signed(sim, receipts, { box }));
    expect([isFound, here.problems]).toEqual([false, ['CERTIFICATE_FALSE']]);
    expect(() => here.certificate.text()).toThrow('CERTIFICATE_NONE');
    // It is said once, however often the box is asked.
    await here.certificate.look(signal);
    expect(here.problems).toHaveLength(1);
  });

  it('that was changed after it was signed is false', async () => {
    const { alice, receipts, sim } = await ended();
    const text = (await signed(sim, receipts)).replace('3456', '3457');
    const { here } = await shown(sim, alice, text);
    expect(here.problems).toEqual(['CERTIFICATE_FALSE']);
  });

  it('without a receipt of everybody is false', async () => {
    const { alice, receipts, sim } = await ended();
    const { here } = await shown(sim, alice, await signed(sim, receipts.slice(0, 1)));
    expect(here.problems).toEqual(['CERTIFICATE_FALSE']);
  });

  it('for another record than the receipts are for is false', async () => {
    const { alice, receipts, sim } = await ended();
    const text = await signed(sim, receipts, { change: recordNamed(2) });
    const { here } = await shown(sim, alice, text);
    expect(here.problems).toEqual(['CERTIFICATE_FALSE']);
  });

  it('that brings a commit which breaks the rules is false', async () => {
    const { alice, receipts, sim } = await ended();
    const bent = Uint8Array.from(receipts[1].raw);
    bent[bent.length - 3] = (bent.at(-3) ?? 0) ^ 1;
    const change = { commits: [receipts[0].raw, bent].map(toBase64) };
    const { here } = await shown(sim, alice, await signed(sim, receipts, { change }));
    expect(here.problems).toEqual(['CERTIFICATE_FALSE']);
  });

  it('that is no certificate is none', async () => {
    const { alice, sim } = await ended();
    for (const text of ['', '{}', 'null', '<html>']) {
      const { isFound, here } = await shown(sim, alice, text);
      expect([isFound, here.problems]).toEqual([false, []]);
    }
  });

  it('that names a party as not waited for which was is false', async () => {
    const { alice, bob, receipts, sim } = await ended();
    const change = { excused: [bob.keys.pfp] };
    const { here } = await shown(sim, alice, await signed(sim, receipts, { change }));
    expect(here.problems).toEqual(['CERTIFICATE_FALSE']);
  });

  it('that names no receipts is false, though they are there', async () => {
    const { alice, receipts, sim } = await ended();
    const text = await signed(sim, receipts, { change: { receipts: [] } });
    const { here } = await shown(sim, alice, text);
    expect(here.problems).toEqual(['CERTIFICATE_FALSE']);
  });

  it('whose commits rest on what never came here is kept, and not called earned', async () => {
    const { alice, bob, sim } = await ended();
    await bob.write(bob.mission, 'dispute', { why: 'refused' });
    const last = await bob.write(bob.mission, 'receipt', await receiptFor(sim, bob, record));
    const { here, isFound } = await shown(sim, alice, await signed(sim, [last]));
    expect([isFound, here.problems]).toEqual([true, []]);
    expect(here.certificate.view()).toMatchObject({ isEarned: false, receipts: [] });
    await here.certificate.open();
    expect(here.certificate.view()?.isEarned).toBe(false);
    // Nor does anything else that a party wrote pass for its receipt.
    const votes = [...alice.mission.commits()].filter(({ envelope }) => envelope.k === 'vote');
    const change = { receipts: votes.map(({ sid }) => sid).sort() };
    const other = await shown(sim, alice, await signed(sim, [last], { change }));
    expect(other.here.certificate.view()).toMatchObject({ isEarned: false, receipts: [] });
  });

  it('is believed though a dispute of this device came too late for the box', async () => {
    const { alice, receipts, sim } = await ended();
    const here = new EndDevice(alice, sim.box.publicKey);
    const { envelope, oid, sid } = await alice.write(alice.mission, 'dispute', { why: 'refused' });
    const pending = { q: envelope.q, sid, oid, isGenesis: false, objects: [] };
    await here.mission.outbox.add(pending, []);
    const text = await signed(sim, receipts);
    here.doors.answers.set('/v1/end/certificate', () => new TextEncoder().encode(text));
    expect([await here.certificate.look(signal), here.problems]).toEqual([true, []]);
    expect(here.certificate.view()?.isEarned).toBe(true);
  });
});
