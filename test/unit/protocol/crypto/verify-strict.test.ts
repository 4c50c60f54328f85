import { expect, it } from 'vitest';
import { utf8 } from '#protocol/codec/bytes.ts';
import { fromHex, toHex } from '#protocol/codec/text-form.ts';
import { edgeCases, passesSelfTest, strictEngine } from '#protocol/crypto/self-test.ts';
import { signBlob } from '#protocol/crypto/sign.ts';
import { signingPair, verifyDetached } from '#protocol/crypto/nacl.ts';
import { isStrongKey, verifyBlob, verifyStrict } from '#protocol/crypto/verify-strict.ts';
import type { Engine } from '#protocol/ports.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';

const webEngine: Engine = {
  random: nodeEngine.random,
  verify: async (key, message, signature) => {
    const [k, m, s] = [key, message, signature].map((bytes) => new Uint8Array(bytes));
    const imported = await crypto.subtle.importKey('raw', k!, 'Ed25519', false, ['verify']);
    return crypto.subtle.verify('Ed25519', imported, s!, m!);
  },
};
const naclEngine: Engine = {
  random: nodeEngine.random,
  verify: (key, message, signature) => Promise.resolve(verifyDetached(key, message, signature)),
};
const engines = { 'node:crypto': nodeEngine, WebCrypto: webEngine, tweetnacl: naclEngine };

for (const [name, engine] of Object.entries(engines)) {
  it.each(edgeCases)(
    `${name} behind verifyStrict gives the verdict of R4 on $name`,
    async (edge) => {
      const verdict = await verifyStrict(
        engine,
        fromHex(edge.key)!,
        utf8('strict'),
        fromHex(edge.signature)!,
      );
      expect(verdict).toBe(edge.accept);
    },
  );
}

it.each([
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  '3bcfb78c4ad06f9b8d7e8c50e37e33dd40042a7805f5df945fbf33620745bc68',
  'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '01',
])('the key %s is refused by R-KEY', (key) => {
  expect(isStrongKey(fromHex(key)!)).toBe(false);
});

it('an engine that takes S+L or anything else still gives R4 verdicts where R4 decides alone (S17)', async () => {
  const gullible: Engine = { random: nodeEngine.random, verify: () => Promise.resolve(true) };
  expect(await passesSelfTest(gullible)).toBe(false);
  const replaced = await strictEngine(gullible);
  expect(await passesSelfTest(replaced)).toBe(true);
});

it('an engine that throws is replaced by tweetnacl (S147)', async () => {
  const broken: Engine = {
    random: nodeEngine.random,
    verify: () => Promise.reject(new Error('no Ed25519 here')),
  };
  expect(await passesSelfTest(await strictEngine(broken))).toBe(true);
});

it('keeps a sound engine', async () => {
  expect(await strictEngine(nodeEngine)).toBe(nodeEngine);
});

it('a signature is good in its own namespace, for its own message and key only', async () => {
  const seed = new Uint8Array(32).fill(7);
  const { publicKey } = signingPair(seed);
  const signature = signBlob('swarm-auth-v1', seed, utf8('hello'));
  const check = (ns: 'git' | 'swarm-auth-v1', text: string) =>
    verifyBlob(nodeEngine, ns, publicKey, utf8(text), signature);
  expect(await check('swarm-auth-v1', 'hello')).toBe(true);
  expect(await check('git', 'hello')).toBe(false);
  expect(await check('swarm-auth-v1', 'hellp')).toBe(false);
});

it('signing refuses a namespace outside the closed list', () => {
  expect(() => signBlob('file' as 'git', new Uint8Array(32), utf8('x'))).toThrow(TypeError);
});

it('remembers verdicts on more keys than the memory holds without changing them', () => {
  const good = signingPair(new Uint8Array(32).fill(9)).publicKey;
  expect(isStrongKey(good)).toBe(true);
  for (let i = 0; i < 5000; i++) {
    // Too long, so refused before any curve arithmetic.
    const weak = new Uint8Array(33);
    new DataView(weak.buffer).setUint32(0, i);
    expect(isStrongKey(weak), toHex(weak)).toBe(false);
  }
  expect(isStrongKey(good)).toBe(true);
});
