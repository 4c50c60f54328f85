import { readKeyCard, type KeyCard } from '#protocol/archive/key-card.ts';
import { openKeyFile } from '#protocol/archive/key-file.ts';
import type { PersonKeys } from '#protocol/archive/person-keys.ts';
import { memberFingerprint } from '#protocol/codec/fingerprint.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import type { OwnKeys } from '#protocol/keys/key-ring.ts';

/** Whose keys open a record. */
export interface Holder {
  cid: string;
  own: OwnKeys;
  /** Per conversation: keys by epoch. */
  epochs: ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>;
  /** The charter's names text, if the keys came with it. */
  names?: string;
}

/** What a person gives to open a record: the key file, and one of the two that open it. */
export interface Secrets {
  /** Text of the key file. */
  file?: string;
  passphrase?: string;
  /** Text of the key card. */
  card?: string;
}

/** Why keys do not open a record; a key of the strings. */
export type KeyProblem = 'passphrase' | 'card' | 'otherCard' | 'keyFile' | 'otherMission';

/** The holder of these keys, or why there is none. A card alone opens what was boxed to its inbox. */
export async function holderOf(
  { card, file, passphrase }: Secrets,
  cid: string,
): Promise<Holder | KeyProblem> {
  const read = card === undefined ? undefined : readKeyCard(card);
  if (read?.ok === false) return 'card';
  if (read && read.value.cid !== cid) return 'otherMission';
  if (file === undefined) return read ? ofCard(read.value) : 'keyFile';
  const opened = await openKeyFile(
    file,
    read ? { card: read.value } : { passphrase: passphrase ?? '' },
  );
  if (!opened.ok && opened.rule !== 'K1') return 'keyFile';
  if (!opened.ok) return read ? 'otherCard' : 'passphrase';
  return opened.value.cid === cid ? ofKeys(opened.value) : 'otherMission';
}

function ofCard({ cid, inbox, member }: Pick<KeyCard, 'cid' | 'inbox' | 'member'>): Holder {
  return { cid, own: ownKeys(member, inbox), epochs: new Map() };
}

function ofKeys({ cid, epochs, inbox, member, names }: PersonKeys): Holder {
  const keys = new Map<string, Map<string, Uint8Array>>();
  for (const { cid: room, eid, key } of epochs) {
    keys.set(room, (keys.get(room) ?? new Map<string, Uint8Array>()).set(eid, key));
  }
  return {
    cid,
    own: ownKeys(member, inbox),
    epochs: keys,
    ...(names !== undefined && { names }),
  };
}

/** The keys of devices stay on them, so only what was boxed to the person opens. */
function ownKeys(seed: Uint8Array, inbox: Uint8Array): OwnKeys {
  const member = memberFingerprint(seedSigner(seed).publicKey);
  return { device: '', member, deviceKeys: [], inbox: scalarKey(inbox) };
}
