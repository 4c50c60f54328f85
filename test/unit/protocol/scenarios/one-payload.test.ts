import { ed25519 } from '@noble/curves/ed25519.js';
import { expect, test } from 'vitest';
import { parseCommit, serialize } from '#protocol/codec/commit.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { sha512 } from '#protocol/codec/digest.ts';
import { signable } from '#protocol/crypto/sign.ts';
import { verifyBlob } from '#protocol/crypto/verify-strict.ts';
import { seedOf } from '../../../support/people.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { verdict } from '../../../support/swarm-simulator/forge.ts';
import { roomOf } from '../../../support/swarm-simulator/room.ts';

const order = ed25519.Point.Fn.ORDER;

/** Little-endian bytes as a number, as RFC 8032 reads them. */
function number(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function bytesOf(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
}

/** The same commit signed with a nonce of one's own choice, as only the key holder can. */
function signedAnew(
  { envelope, parents, payload, sealed, seconds, signature, tree, ...rest }: Commit,
  seed: Uint8Array,
  nonce: bigint,
): Commit {
  const { pointBytes, scalar } = ed25519.utils.getExtendedPublicKey(seed);
  const message = signable('git', payload);
  const point = ed25519.Point.BASE.multiply(nonce).toBytes();
  const challenge = number(sha512(Buffer.concat([point, pointBytes, message]))) % order;
  const bytes = Uint8Array.from([...point, ...bytesOf((nonce + challenge * scalar) % order)]);
  const draft = { tree, parents, seconds, class: rest.class, envelope, ...(sealed && { sealed }) };
  const parsed = parseCommit(serialize(draft, signature.key, bytes));
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.value;
}

test('S177, X11, S19, R6: one payload signed twice parts nobody: both are commits, and prove who did it (B1, V12)', async () => {
  const sim = await roomOf(['alice@red', 'bob@blue', 'mallory@red']);
  const [alice, bob, mallory] = sim.people as [SimDevice, SimDevice, SimDevice];
  const one = await mallory.say(sim.room, 'one text, two signatures');
  const two = signedAnew(one, seedOf('mallory@red d'), 123_456_789n);
  const { bytes, key } = two.signature;
  expect(await verifyBlob(nodeEngine, 'git', key, two.payload, bytes)).toBe(true);
  expect(two.payload).toEqual(one.payload);
  expect([two.oid === one.oid, two.sid === one.sid]).toEqual([false, false]);

  expect(await verdict(sim.of(alice), one)).toBe('ok');
  expect(await verdict(sim.of(bob), two)).toBe('ok');
  // A second name for a commit that is known brings nothing, and nothing can be built on it.
  const size = sim.of(alice).size;
  await sim.of(alice).admit([{ ...one, oid: 'f'.repeat(40) }]);
  expect(sim.of(alice).size).toBe(size);
  expect(sim.of(alice).byOid('f'.repeat(40))).toBeUndefined();

  const answers = [await alice.say(sim.room, 'Alice answers'), await bob.say(sim.room, 'Bob, too')];
  await sync(alice, bob);
  for (const by of [alice, bob]) {
    for (const { sid } of [one, two, ...answers]) expect(sim.of(by).has(sid)).toBe(true);
    expect(sim.of(by).evidence(mallory.keys.dfp, one.envelope.q)).toHaveLength(2);
    expect(sim.of(by).isForked(mallory.keys.dfp)).toBe(true);
  }
  await alice.say(sim.room, 'and we go on');
  await sync(alice, bob);
  expect(await bob.read(sim.room)).toContain('and we go on');
  await mallory.pull(alice);
  await expect(mallory.say(sim.room, 'so do I')).rejects.toThrow('R13');
});
