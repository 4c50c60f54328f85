import { conversationId, sidOf } from '#protocol/codec/fingerprint.ts';
import { parseCommit } from '#protocol/codec/commit.ts';
import { equal } from '#protocol/codec/bytes.ts';
import type { Json } from '#protocol/codec/canonical-json.ts';
import { fromB64u, toB64u } from '#protocol/codec/text-form.ts';
import { genesisTree } from '#protocol/admit/genesis.ts';
import { missionReplica } from '#protocol/admit/replica.ts';
import type { JoinCode } from '#protocol/mission/code.ts';
import { foundSignature } from '#protocol/mission/founding-steps.ts';
import {
  foundingHash,
  foundingSigner,
  readDraft,
  revealedParty,
  type FoundingRecord as Founded,
} from '#protocol/mission/founding.ts';
import { genesisArguments, genesisObject } from '#protocol/mission/genesis.ts';
import {
  namesHash,
  namesText,
  openNamesText,
  readNames,
  sealNames,
} from '#protocol/mission/names.ts';
import type { Engine } from '#protocol/ports.ts';
import { charterOf, namesOf } from './charter-view.ts';
import { at, BoxRefusal, textAt } from './exchange.ts';
import { comparisonsIn, trueComparisons } from './comparisons.ts';
import type { CompleteFounding } from './founding.ts';
import type { FoundingRecord, OwnFounding } from './founding-record.ts';
import { LocalSwarm, signedCommit } from './local-swarm.ts';
import type { MissionDraft } from './model.ts';
import type { OpenDoor } from './open-door.ts';
import type { Clock, DeviceKeys, Storage } from './ports.ts';
import { problem, type ProblemCode } from './problem.ts';
import { minuteOf } from './room.ts';
import { selfOf, type SelfRecord } from './self.ts';
import type { Vault } from './vault.ts';

/** Why the box opens no founding, as a person hears it. */
const refusals: Readonly<Record<string, ProblemCode>> = {
  SWARM_FOUNDING_OPEN: 'FOUNDING_OPEN',
  SWARM_FOUNDING_SIGNED: 'FOUNDING_SIGNED',
  SWARM_MISSION_EXISTS: 'MISSION_EXISTS',
  SWARM_OPENING_KEY_WRONG: 'FOUNDING_KEY_MISSING',
};

/**
 * Opens a founding at the box: the charter's numbers in clear, its words sealed. With the opening
 * key it takes the place of the one that is open there.
 */
export async function proposeFounding(
  engine: Engine,
  door: OpenDoor,
  { box, openingKey }: { box: Uint8Array; openingKey?: Uint8Array },
  draft: MissionDraft,
  signal: AbortSignal,
): Promise<FoundingRecord> {
  const names = wordsOf(engine, draft);
  const charter = charterOf(draft, namesHash(names));
  const session = toB64u(engine.random(16));
  const proposal = readDraft({ charter, n: charter.n, session });
  if (!proposal.ok) throw problem('FOUNDING_DRAFT', new Error(proposal.why));
  const fk = engine.random(32);
  const opening = {
    d: proposal.value as unknown as Json,
    fpk: toB64u(foundingSigner(fk).publicKey),
    names: sealNames(engine, fk, names),
    ...(openingKey && { o: toB64u(openingKey) }),
  };
  try {
    await door.openFounding(opening, signal);
  } catch (error) {
    const code = error instanceof BoxRefusal ? refusals[error.code] : undefined;
    throw code ? problem(code, error) : error;
  }
  return { box: toB64u(box), fk: toB64u(fk), draft: proposal.value, names };
}

/** Takes up a founding with its join code: the draft must be one that the code opens. */
export async function enterFounding(
  door: OpenDoor,
  code: Extract<JoinCode, { kind: 'founding' }>,
  signal: AbortSignal,
): Promise<FoundingRecord> {
  const { draft: told } = await door.founding(undefined, signal);
  const draft = readDraft(at(told, 'd'));
  const fk = code.foundingKey;
  const isOurs = textAt(told, 'fpk') === toB64u(foundingSigner(fk).publicKey);
  if (!draft.ok || !isOurs) throw problem('FOUNDING_NONE');
  const names = openNamesText(fk, textAt(told, 'names') ?? '', draft.value.charter);
  if (!names.ok) throw problem('FOUNDING_CHEATED', new Error(names.why));
  const [box, key] = [toB64u(code.box), toB64u(fk)];
  return { box, fk: key, draft: draft.value, names: names.value };
}

/** The genesis that a founding has: everybody computes the same (F4). */
export function genesisOf(founded: Founded): { cid: string; raw: Uint8Array } {
  const x = genesisArguments(founded);
  const tree = genesisTree(x);
  const raw = genesisObject(x, { oid: tree.object.oid, th: tree.th });
  return { cid: conversationId(sidOf(raw)), raw };
}

/** This party's `found` commit directly above the genesis, checked by the rules. */
export async function makeFound(
  engine: Engine,
  clock: Clock,
  device: DeviceKeys,
  founded: Founded,
  mine: OwnFounding,
): Promise<Uint8Array> {
  const { cid, raw } = genesisOf(founded);
  const { dfp, party } = selfOf(mine.secrets, device);
  const replica = missionReplica(engine, cid);
  const { ok } = await replica.admit([raw]);
  if (ok.length !== 1 || !party) throw problem('FOUNDING_CHEATED');
  const s = await foundSignature(party, foundingHash(founded));
  const proposal = { k: 'found', d: dfp, seconds: minuteOf(clock.now()), x: { s } };
  return signedCommit(replica, device.signer, proposal);
}

/** From a complete founding to a member's place in its mission, in one transaction. */
export async function settle(
  deps: { engine: Engine; storage: Storage; vault: Vault; device: DeviceKeys },
  { ceremony, founded, posts, record }: CompleteFounding,
): Promise<SelfRecord> {
  const { engine, storage, vault, device } = deps;
  const { mine } = record;
  const own = mine?.found === undefined ? undefined : fromB64u(mine.found);
  if (!mine || !own) throw problem('FOUNDING_STEP');
  const { cid, raw } = genesisOf(founded);
  const { dfp } = selfOf(mine.secrets, device);
  const { signer } = device;
  const replica = missionReplica(engine, cid);
  const repository = await storage.repository(cid);
  const swarm = new LocalSwarm({ cid, replica, repository, vault, signer, dfp });
  const found = [...ceremony.found.values()];
  const { ok } = await swarm.take([raw, ...found], []);
  const first = parseCommit(own);
  const isWhole = ok.length === found.length + 1 && found.some((one) => equal(one, own));
  if (!isWhole || !first.ok) throw problem('FOUNDING_CHEATED');
  const words = readNames(record.names, record.draft.charter);
  if (!words.ok) throw problem('FOUNDING_CHEATED');
  const { name, parties } = words.value;
  const self: SelfRecord = {
    cid,
    party: revealedParty(mine.reveal),
    box: record.box,
    secrets: mine.secrets,
    displayName: mine.displayName,
    mission: name,
    partyName: parties[mine.reveal.slot]?.name ?? '',
    names: record.names,
    compared: await trueComparisons(engine, founded, comparisonsIn(posts)),
  };
  await vault.write([
    { key: 'self', value: self },
    { key: `head/${cid}`, value: { q: 0, sid: first.value.sid } },
    { key: 'founding' },
  ]);
  return self;
}

function wordsOf(engine: Engine, draft: MissionDraft): string {
  try {
    return namesText(engine, namesOf(draft));
  } catch (error) {
    if (error instanceof RangeError) throw problem('FOUNDING_DRAFT', error);
    throw error;
  }
}
