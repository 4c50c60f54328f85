import { charterOf, namesOf } from '#client/charter-view.ts';
import type { FoundingRecord, OwnFounding } from '#client/founding-record.ts';
import { Founding } from '#client/founding.ts';
import { OpenDoor } from '#client/open-door.ts';
import { selfOf } from '#client/self.ts';
import { Vault } from '#client/vault.ts';
import type { CommitDraft } from '#protocol/codec/commit-form.ts';
import { payloadOf, serialize } from '#protocol/codec/commit.ts';
import { conversationId, sidOf } from '#protocol/codec/fingerprint.ts';
import { objectName } from '#protocol/codec/git-object.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { foundSignature } from '#protocol/mission/founding-steps.ts';
import { foundingHash, type FoundingRecord as Founded } from '#protocol/mission/founding.ts';
import { genesisArguments, genesisObject } from '#protocol/mission/genesis.ts';
import { namesHash, namesText } from '#protocol/mission/names.ts';
import { until } from '../until.ts';
import { FakeFounding } from './fake-founding.ts';
import { MemoryKeys } from './memory-keys.ts';
import { MemoryStorage } from './memory-storage.ts';
import { nodeClock } from '../../../appliance/terminal/platform/node-clock.ts';
import { nodeEngine } from '../../../appliance/terminal/platform/node-engine.ts';

const tree = { oid: '4b825dc642cb6eb9a060e54bf8d69288fbee4904', th: new Uint8Array(64) };

function genesisOf(founded: Founded): Uint8Array {
  return genesisObject(genesisArguments(founded), tree);
}

/** The mission that a founding makes, on the smallest tree. */
export const cidOf = (founded: Founded): string => conversationId(sidOf(genesisOf(founded)));

const opened: AbortController[] = [];

/** Ends every founder of this test. */
export function stopFounders(): void {
  for (const stop of opened.splice(0)) stop.abort();
}

/** A draft for these parties, with its names text. */
export function proposal(parties = ['Red', 'Blue']) {
  const draft = {
    name: 'Flood response',
    purpose: 'Help',
    history: 'all' as const,
    addParty: 'two-thirds' as const,
    close: 'all' as const,
    wipeAfterHours: 24,
    parties: parties.map((name) => ({ name, code: name.slice(0, 1) })),
  };
  const names = namesText(nodeEngine, namesOf(draft));
  const charter = charterOf(draft, namesHash(names));
  const session = toB64u(nodeEngine.random(16));
  return { names, draft: { charter, n: parties.length, session } };
}

type Bend = Parameters<FakeFounding['door']>[0];

/** One founder at the fake box, with its own storage and keys. */
export function founder(
  box: FakeFounding,
  from: ReturnType<typeof proposal>,
  fk: Uint8Array,
  bend?: Bend,
) {
  const stop = new AbortController();
  opened.push(stop);
  const keys = new MemoryKeys();
  const storage = new MemoryStorage();
  const vault = new Vault(storage.records, keys);
  let founded: Founded | undefined;
  const makeFound = async (of: Founded, mine: OwnFounding): Promise<Uint8Array> => {
    const device = (await keys.device(true)) as NonNullable<
      Awaited<ReturnType<MemoryKeys['device']>>
    >;
    const self = selfOf(mine.secrets, device);
    const genesis = genesisOf(of);
    const s = await foundSignature(self.party as NonNullable<typeof self.party>, foundingHash(of));
    const commit: CommitDraft = {
      tree: tree.oid,
      parents: [objectName('commit', genesis)],
      seconds: 1,
      class: 'x',
      envelope: {
        v: 1,
        cid: cidOf(of),
        d: self.dfp,
        q: 0,
        l: 2,
        ps: [sidOf(genesis)],
        th: toB64u(tree.th),
        k: 'found',
        x: { s },
      },
    };
    const signature = await device.signer.sign('git', payloadOf(commit));
    return serialize(commit, device.signer.publicKey, signature);
  };
  const record: FoundingRecord = {
    box: toB64u(new Uint8Array(32)),
    fk: toB64u(fk),
    draft: from.draft,
    names: from.names,
  };
  const founding = new Founding(
    {
      engine: nodeEngine,
      clock: nodeClock,
      vault,
      door: new OpenDoor(box.door(bend)),
      origin: 'https://box.test',
      device: async () => (await keys.device(true)) as never,
      makeFound,
      cidOf,
      onChange: () => undefined,
      onFounded: (complete) => {
        founded = complete.founded;
        return Promise.resolve();
      },
    },
    record,
  );
  void founding.run(stop.signal);
  return {
    fk,
    draft: from.draft,
    founding,
    vault,
    stop,
    founded: () => founded,
    take: (slot: number, name: string) => founding.takeParty(slot, name, stop.signal),
    compare: (matches: boolean) => founding.compare(matches, stop.signal),
    sign: () => founding.sign(stop.signal),
    step: (step: string) => until(step, () => founding.view().step === step),
    ended: (code: string) => until(code, () => founding.view().ended?.code === code),
  };
}

/** Red and Blue at one box; `bendBlue` changes what Blue gets to see. */
export function twoFounders(bendBlue?: Bend) {
  const box = new FakeFounding();
  const from = proposal();
  box.draft = { d: from.draft, fpk: '', names: '' };
  const fk = nodeEngine.random(32);
  return { box, red: founder(box, from, fk), blue: founder(box, from, fk, bendBlue) };
}
