import { beforeAll, describe, expect, it } from 'vitest';
import { keyCardText } from '#protocol/archive/key-card.ts';
import { sealKeyFile } from '#protocol/archive/key-file.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import type { ErasureClaim } from '#protocol/export/erasure.ts';
import { asText } from '../../../../web/reader/record/as-text.ts';
import type { Conversation, Library } from '../../../../web/reader/record/model.ts';
import { ReaderSession } from '../../../../web/reader/record/session.ts';
import { namesFor } from '../../../../web/reader/screens/naming.ts';
import { languageOf } from '../../../../web/reader/strings/strings.ts';
import { wordsIn } from '../../../../web/reader/strings/words.ts';
import { certified, endOf } from '../../../support/erasure.ts';
import { filePorts } from '../../../support/files.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { type samplePeople, sampleRecord, type SampleRecord } from '../../../support/record.ts';
import { packed, unpacked } from '../../../support/ustar.ts';

const passphrase = 'three calm rivers';
let sample: SampleRecord;
let keyFile: Blob;
let claim: ErasureClaim;
/** Opened with Alice's keys; tests only look at it. */
let alices: ReaderSession;

beforeAll(async () => {
  sample = await sampleRecord(utf8('<!doctype html>'));
  const text = await sealKeyFile(nodeEngine, sample.keys('alice@red'), passphrase);
  keyFile = new Blob([text]);
  claim = await endOf(sample);
  alices = await opened(keyFile);
  await alices.unlock({ passphrase });
});

const reader = () => new ReaderSession({ ...filePorts, engine: nodeEngine });
const blobOf = (bytes: Uint8Array) => new Blob([Uint8Array.from(bytes)]);
const card = (name: (typeof samplePeople)[number]) => keyCardText(sample.keys(name));

async function opened(...more: Blob[]): Promise<ReaderSession> {
  const session = reader();
  await session.give([blobOf(sample.bytes), ...more]);
  return session;
}

const libraryOf = (session: ReaderSession) => session.view().library as Library;
const talk = (session: ReaderSession, cid: string) =>
  libraryOf(session).conversations.find((one) => one.cid === cid) as Conversation;
const textsOf = ({ entries }: Conversation) =>
  entries.filter(({ kind }) => kind === 'text').map(({ text }) => text);

describe('without keys', () => {
  it('a record shows who took part and that all holds, and not one word', async () => {
    const session = await opened();
    const { found, library, stage } = session.view();
    expect(stage).toBe('open');
    expect(found?.faults).toEqual([]);
    expect(found?.signatures).toBeGreaterThan(30);
    expect(library?.parties).toHaveLength(3);
    expect(library?.people).toHaveLength(4);
    expect(library?.hasNames).toBe(false);
    expect(library?.conversations.map(({ state }) => state)).toEqual(['locked', 'locked']);
    const shown = JSON.stringify(library);
    for (const words of [...sample.texts, ...sample.asideTexts, sample.hiddenText, 'Alice']) {
      expect(shown).not.toContain(words);
    }
  });
});

describe('with a key file', () => {
  it('and its passphrase, conversations, names and the board are open', () => {
    const session = alices;
    const library = libraryOf(session);
    expect(library.mission).toBeDefined();
    expect(library.parties.every(({ name }) => name !== '')).toBe(true);
    expect(library.parties[library.openedAs ?? -1]?.name).toBe('red');
    const room = talk(session, sample.room);
    expect(room.title).toBe(sample.title);
    expect(textsOf(room)).toEqual(expect.arrayContaining([...sample.texts]));
    expect(textsOf(talk(session, sample.aside))).toEqual([...sample.asideTexts]);
    expect(room.board.map((text) => (JSON.parse(text) as { id: string }).id)).toEqual([
      sample.drawn,
    ]);
    const answer = room.entries.find(({ text }) => text === sample.texts[1]);
    expect(answer).toMatchObject({ name: 'Bob', reactions: [{ emoji: '👍' }] });
  });

  it('its card opens it, too', async () => {
    const session = await opened(keyFile);
    expect(await session.unlock({ card: card('alice@red') })).toBeUndefined();
    expect(talk(session, sample.aside).state).toBe('open');
  });

  it('a text without effect lies in the drawer with its reason, and is found nowhere else', () => {
    const room = talk(alices, sample.room);
    expect(room.hidden.map(({ text }) => text)).toContain(sample.hiddenText);
    expect(room.hidden[0]?.reason).toBe('removed-in-mission');
    expect(textsOf(room)).not.toContain(sample.hiddenText);
  });

  it('another passphrase, another card and a damaged file are told apart', async () => {
    const session = await opened(keyFile);
    expect(await session.unlock({ passphrase: 'three wild rivers' })).toBe('passphrase');
    expect(await session.unlock({ card: 'parley-card-1.nonsense' })).toBe('card');
    expect(await session.unlock({ card: card('bob@blue') })).toBe('otherCard');
    const text = await keyFile.text();
    await session.give([new Blob([text.replace('"body":"', '"body":"!')])]);
    expect(await session.unlock({ passphrase })).toBe('keyFile');
    expect(session.view().stage).toBe('open');
    expect(libraryOf(session).openedAs).toBeUndefined();
  });

  it('of another mission nothing opens', async () => {
    const keys = { ...sample.keys('alice@red'), cid: sample.room };
    const session = await opened(new Blob([await sealKeyFile(nodeEngine, keys, passphrase)]));
    expect(await session.unlock({ passphrase })).toBe('otherMission');
    expect(await session.unlock({ card: keyCardText(keys) })).toBe('otherMission');
    expect(libraryOf(session).openedAs).toBeUndefined();
  });
});

describe('with a key card alone', () => {
  it('somebody who was asked in reads what the invitation gave the keys to', async () => {
    const session = await opened();
    expect(await session.unlock({ card: card('carol@red') })).toBeUndefined();
    const room = talk(session, sample.room);
    expect(room.title).toBe(sample.title);
    expect(textsOf(room)).toEqual(expect.arrayContaining([...sample.texts]));
    expect(libraryOf(session).hasNames).toBe(true);
    expect(talk(session, sample.aside)).toMatchObject({ state: 'locked', isOwn: false });
  });

  it('whose keys went to a device is known, and opens nothing', async () => {
    const session = await opened();
    expect(await session.unlock({ card: card('bob@blue') })).toBeUndefined();
    const library = libraryOf(session);
    expect(library.openedAs).toBe(1);
    expect(talk(session, sample.aside)).toMatchObject({ state: 'locked', isOwn: true });
  });
});

describe('a file of the record', () => {
  it('opens to the bytes that were sent', async () => {
    const session = alices;
    const entry = talk(session, sample.room).entries.find(({ kind }) => kind === 'file');
    expect(entry?.file?.name).toBe(sample.file.name);
    const shares: number[] = [];
    const file = await session.file(entry?.file?.offer, (share) => shares.push(share));
    if (file.state !== 'open') throw new Error(file.state);
    expect(new Uint8Array(await file.blob.arrayBuffer())).toEqual(sample.file.bytes);
    expect(shares.at(-1)).toBe(1);
  });

  it('that is offered falsely is missing, whatever the offer says', async () => {
    const session = alices;
    const entry = talk(session, sample.room).entries.find(({ kind }) => kind === 'file');
    const offer = entry?.file?.offer as object;
    const ch = 'A'.repeat(86);
    for (const bent of [{}, undefined, { ...offer, ch }, { ...offer, size: -1 }]) {
      expect(await session.file(bent, () => {})).toEqual({ state: 'missing' });
    }
    expect(await session.file({ ...offer, size: 5 }, () => {})).toEqual({ state: 'damaged' });
  });
});

describe('a proof', () => {
  it('names device and commit, and checks the signature when it is asked for', async () => {
    const session = alices;
    const entry = talk(session, sample.room).entries.find(({ text }) => text === sample.texts[0]);
    const proof = await session.proof(sample.room, entry?.sid ?? '');
    expect(proof).toMatchObject({ holds: true, device: sample.device('alice@red').keys.dfp });
    expect(proof?.command).toContain(`verify-commit ${proof?.oid}`);
    expect(await session.proof(sample.room, 'nothing')).toBeUndefined();
  });
});

describe('the text of a record', () => {
  it('has every open word with its day and author, and says how much stays locked', async () => {
    const session = await opened();
    await session.unlock({ card: card('bob@blue') });
    const locked = asText(
      libraryOf(session),
      namesFor(libraryOf(session), wordsIn(languageOf('en'))),
    );
    expect(locked).not.toContain(sample.asideTexts[0]);
    expect(locked).toContain('of yours stay locked');

    const library = libraryOf(alices);
    const text = asText(library, namesFor(library, wordsIn(languageOf('en'))));
    expect(text).toMatch(/Day 1, \d\d:\d\d(?: [AP]M)? · Bob:\nWe send two boats \(👍 1\)/u);
    expect(text).toContain(sample.hiddenText);
    expect(text).not.toMatch(/[\u2068\u2069]/u);
  });
});

describe('a certificate of erasure', () => {
  const signed = async (c: ErasureClaim, by = sample.box.signer) =>
    new Blob([await certified(by, c)]);

  it('shows whose receipts are in it', async () => {
    const session = await opened(await signed(claim));
    expect(session.view().certificateProblem).toBeUndefined();
    expect(session.view().receipts).toMatchObject({ signed: [0, 1], erased: 12 });
  });

  it('shows no receipt that it does not name, or whose commits it does not have', async () => {
    const session = await opened(await signed({ ...claim, receipts: [] }));
    expect(session.view().receipts).toMatchObject({ signed: [] });
    await session.give([await signed({ ...claim, commits: claim.commits.slice(0, -1) })]);
    expect(session.view().receipts).toMatchObject({ signed: [0] });
  });

  it('of another record, by another box or with a changed word proves nothing', async () => {
    const session = await opened();
    const others = [
      await signed({ ...claim, h: '0'.repeat(128) }),
      await signed({ ...claim, r: 'A'.repeat(86) }),
      await signed({ ...claim, cid: sample.room }),
      await signed(claim, seedSigner(new Uint8Array(32).fill(7))),
    ];
    for (const other of others) {
      await session.give([other]);
      expect(session.view()).toMatchObject({ certificateProblem: 'otherCertificate' });
    }
    const text = await certified(sample.box.signer, claim);
    await session.give([new Blob([text.replace('["swarm",12,', '["swarm",13,')])]);
    expect(session.view()).toMatchObject({ certificateProblem: 'certificate' });
    await session.give([await signed({ ...claim, when: 2 ** 40 })]);
    expect(session.view()).toMatchObject({ certificateProblem: 'certificate' });
    expect(session.view().receipts).toBeUndefined();
  });

  it(
    'counts no receipt of a party that has answered for another',
    { timeout: 30_000 },
    async () => {
      const again = await sampleRecord(utf8('<!doctype html>'));
      const lie = await endOf(again, true);
      const session = await opened(await signed(lie));
      expect(session.view().receipts).toMatchObject({ signed: [0] });
    },
  );
});

describe('what is no sound record', () => {
  it('is called no record if it is something else', async () => {
    const session = reader();
    for (const bytes of [utf8('GIF89a'), new Uint8Array(0), new Uint8Array(4096)]) {
      await session.give([blobOf(bytes)]);
      expect(session.view()).toMatchObject({ stage: 'start', problem: 'notRecord' });
    }
  });

  it('is called damaged if it was cut off or something was put in', async () => {
    const session = reader();
    await session.give([blobOf(sample.bytes.subarray(0, sample.bytes.length - 1024))]);
    expect(session.view()).toMatchObject({ stage: 'start', problem: 'damaged' });
    const more = [...(await unpacked(sample.bytes)), ['zone.txt', utf8('more')] as const];
    await session.give([blobOf(packed(more))]);
    expect(session.view()).toMatchObject({ stage: 'start', problem: 'damaged' });
  });

  it('is open with what does not hold in a list if a file was changed', async () => {
    const files = await unpacked(sample.bytes);
    const path = [...files.keys()].find((name) => name.startsWith('files/')) as string;
    const bent = Uint8Array.from(files.get(path) as Uint8Array);
    bent[100] = (bent[100] as number) ^ 1;
    const session = reader();
    await session.give([blobOf(packed(files.set(path, bent))), new Blob([await keyFile.text()])]);
    expect(session.view().found?.faults).not.toEqual([]);
    expect(await session.unlock({ passphrase })).toBeUndefined();
    const entry = talk(session, sample.room).entries.find(({ kind }) => kind === 'file');
    expect(await session.file(entry?.file?.offer, () => {})).toEqual({ state: 'damaged' });
  });

  it('leaves keys and certificate waiting until a record is there', async () => {
    const session = reader();
    await session.give([keyFile]);
    await session.give([new Blob([await certified(sample.box.signer, claim)])]);
    expect(session.view()).toMatchObject({ stage: 'start', hasKeyFile: true });
    await session.give([blobOf(sample.bytes)]);
    expect(session.view().receipts).toMatchObject({ signed: [0, 1] });
    expect(await session.unlock({ passphrase })).toBeUndefined();
    session.close();
    expect(session.view()).toEqual({ stage: 'start', share: 0, hasKeyFile: false });
  });
});
