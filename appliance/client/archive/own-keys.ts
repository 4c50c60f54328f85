import { fromB64u } from '#protocol/codec/text-form.ts';
import { keyCardText } from '#protocol/archive/key-card.ts';
import { sealKeyFile } from '#protocol/archive/key-file.ts';
import type { PersonKeys } from '#protocol/archive/person-keys.ts';
import type { Engine } from '#protocol/ports.ts';
import type { MissionState } from '#protocol/state/mission-state.ts';
import type { LocalSwarm } from '../local-swarm.ts';
import { charterOfMission } from '../mission-view.ts';
import { problem } from '../problem.ts';
import type { Rooms } from '../rooms.ts';
import type { SelfRecord } from '../self.ts';

/** Shortest passphrase, in characters: the file may lie about for years. */
const shortestPassphrase = 12;

/** Whose keys these are. */
export interface Owner {
  swarm: LocalSwarm<MissionState>;
  record: SelfRecord;
  rooms: Rooms;
}

/**
 * This person's keys as they leave the device (SWARM §12): never the device's own. Rejects with
 * `NOT_IN_MISSION` before the mission is here.
 */
export function ownKeys({ record, rooms, swarm }: Owner): PersonKeys {
  if (!swarm.isKnown) throw problem('NOT_IN_MISSION');
  const { state } = swarm.replica.view();
  const charter = charterOfMission(state, record);
  const slot = state.parties.get(record.party)?.slot;
  const { names, party, secrets } = record;
  const code = charter.parties.find((one) => one.slot === slot)?.code ?? '';
  const epochs = rooms.all().flatMap(({ room: { cid, keys } }) =>
    keys.ring.held.flatMap((eid) => {
      const key = keys.ring.key(eid);
      return key ? [{ cid, eid, key }] : [];
    }),
  );
  return {
    cid: record.cid,
    code,
    epochs,
    member: bytesOf(secrets.member),
    inbox: bytesOf(secrets.inbox),
    mission: charter.name,
    name: record.displayName,
    ...(names !== undefined && { names }),
    pfp: party,
    ...(secrets.party !== undefined && { party: bytesOf(secrets.party) }),
  };
}

/** A key file and what to call it. Rejects with `PASSPHRASE_SHORT`. */
export async function keyFileOf(
  engine: Engine,
  keys: PersonKeys,
  passphrase: string,
): Promise<{ name: string; text: string }> {
  if ([...passphrase.trim()].length < shortestPassphrase) throw problem('PASSPHRASE_SHORT');
  const text = await sealKeyFile(engine, keys, passphrase);
  // What a person calls a mission need not be a name that every disk takes.
  const words = `${keys.mission} ${keys.name}`.normalize('NFKC').replace(/[^\p{L}\p{N}]+/gu, '-');
  return { name: `keys-${words.slice(0, 64).replace(/^-+|-+$/gu, '')}.json`, text };
}

/** Text of the key card's QR code. */
export function keyCardOf({ cid, inbox, member, mission, party }: PersonKeys): string {
  return keyCardText({ cid, inbox, member, mission, ...(party && { party }) });
}

function bytesOf(text: string): Uint8Array {
  return fromB64u(text, 32) as Uint8Array;
}
