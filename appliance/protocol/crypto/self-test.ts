import { utf8 } from '../codec/bytes.ts';
import { fromHex } from '../codec/text-form.ts';
import type { Engine } from '../ports.ts';
import { verifyDetached } from './nacl.ts';
import { verifyStrict } from './verify-strict.ts';

/** One signature over the text `strict` on which engines are known to disagree. */
export interface EdgeCase {
  name: string;
  /** Hex. */
  key: string;
  /** Hex. */
  signature: string;
  accept: boolean;
}

const key = '8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c';
const mixedKey = '3bcfb78c4ad06f9b8d7e8c50e37e33dd40042a7805f5df945fbf33620745bc68';
const r = '17ffad8068dc0de9935d36636f3ad1b5de6de3413b12388e453b05f2a4c1d3db';
const s = 'f442c467fd39aa58afee4e7246ad7ee6474bf052d8113fae895485f36893f90c';
const one = `01${'00'.repeat(31)}`;
const zero = '00'.repeat(32);

/** Ed25519 edge cases with the verdicts of R4. */
export const edgeCases: readonly EdgeCase[] = [
  { name: 'an honest signature', key, signature: r + s, accept: true },
  { name: 'a changed R', key, signature: `16${r.slice(2)}${s}`, accept: false },
  { name: 'a changed S', key, signature: `${r}f5${s.slice(2)}`, accept: false },
  {
    name: 'S + L',
    key,
    signature: `${r}e116bac4179dbcb0858b461525a75dfb474bf052d8113fae895485f36893f91c`,
    accept: false,
  },
  {
    name: 'an R with a part of small order, which only the cofactored equation accepts',
    key,
    signature:
      '1dd960b291c53514fece1341fc0dcd8a648b3934c2c533666f737a654ff1e1bf' +
      '9f4d75066a23a3f6949ce66c4c801e9edce55e49acf2690a10cdfe56b1109b04',
    accept: false,
  },
  {
    name: 'a key of mixed order, with a signature that every equation accepts',
    key: mixedKey,
    signature:
      `58${'66'.repeat(31)}` + '9f825822f7ead41ff2a41c1989e021ffd75fe082ff21854f60c3b62af17fac00',
    accept: false,
  },
  {
    name: 'a key of small order, good for any message',
    key: one,
    signature: one + zero,
    accept: false,
  },
  {
    name: 'a key written a second way',
    key: `ee${'ff'.repeat(30)}7f`,
    signature: one + zero,
    accept: false,
  },
  {
    name: 'an R written a second way',
    key,
    signature: `ee${'ff'.repeat(30)}7f${s}`,
    accept: false,
  },
];

/** Whether every edge case gets the verdict of R4 through `verifyStrict` with this engine (§11.6). */
export async function passesSelfTest(engine: Engine): Promise<boolean> {
  const message = utf8('strict');
  for (const { key, signature, accept } of edgeCases) {
    const [keyBytes, bytes] = [fromHex(key, 32), fromHex(signature, 64)];
    if (keyBytes === undefined || bytes === undefined) return false;
    try {
      if ((await verifyStrict(engine, keyBytes, message, bytes)) !== accept) return false;
    } catch {
      return false;
    }
  }
  return true;
}

/** The engine if it passes the self-test, else one with its randomness and tweetnacl's verdicts. */
export async function strictEngine(engine: Engine): Promise<Engine> {
  if (await passesSelfTest(engine)) return engine;
  return {
    verify: (key, message, signature) => Promise.resolve(verifyDetached(key, message, signature)),
    random: (length) => engine.random(length),
  };
}
