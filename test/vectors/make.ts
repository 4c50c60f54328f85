import { writeFileSync } from 'node:fs';
import { decisionVectors } from './make/decisions.ts';
import { certificateVectors, claimVectors, ed25519Vectors } from './make/keys.ts';
import { codeVectors, foundingVectors, loginVectors } from './make/mission.ts';
import { commitVectors, packVectors } from './make/objects.ts';
import { recordVectors } from './make/record.ts';
import { epochVectors, sealVectors } from './make/sealed.ts';

/** Every vector that follows from fixed seeds; `canonical-json.json` is written by hand instead. */
export const vectors: Readonly<Record<string, () => Promise<unknown>>> = {
  certificates: certificateVectors,
  claims: claimVectors,
  codes: codeVectors,
  commits: commitVectors,
  decisions: decisionVectors,
  ed25519: ed25519Vectors,
  epochs: epochVectors,
  founding: foundingVectors,
  login: loginVectors,
  packs: packVectors,
  record: recordVectors,
  seal: sealVectors,
};

/** The text of a vector file. */
export async function vectorText(name: string): Promise<string> {
  const made = await vectors[name]?.();
  return `${JSON.stringify(made, null, 1)}\n`;
}

if (import.meta.main) {
  for (const name of Object.keys(vectors)) {
    writeFileSync(new URL(`${name}.json`, import.meta.url), await vectorText(name));
  }
}
