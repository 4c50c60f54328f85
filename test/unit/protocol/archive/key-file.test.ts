import { beforeAll, describe, expect, it } from 'vitest';
import { keyCardText, readKeyCard, type KeyCard } from '#protocol/archive/key-card.ts';
import { openKeyFile, sealKeyFile } from '#protocol/archive/key-file.ts';
import type { PersonKeys } from '#protocol/archive/person-keys.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import { encode, type Json } from '#protocol/codec/canonical-json.ts';
import { toB32, toB64u, toBase64 } from '#protocol/codec/text-form.ts';
import { seedOf } from '../../../support/people.ts';
import { seededEngine } from '../../../support/protocol-ports.ts';

const keys: PersonKeys = {
  cid: toB32(seedOf('mission')),
  code: 'R',
  epochs: [{ cid: toB32(seedOf('room')), eid: 'c'.repeat(32), key: seedOf('epoch') }],
  member: seedOf('member'),
  inbox: seedOf('inbox'),
  mission: 'Flood response',
  name: 'Alice',
  names: '{"name":"Flood response"}',
  pfp: toB32(seedOf('p')),
  party: seedOf('party'),
};
const { cid, inbox, member, mission, party } = keys;
const card: KeyCard = { cid, inbox, member, mission, party: party as Uint8Array };
const passphrase = 'nine ways to say ﬁne';
let text: string;
const shares: number[] = [];

beforeAll(async () => {
  text = await sealKeyFile(seededEngine('file'), keys, passphrase, (share) => shares.push(share));
});

describe('a key file', () => {
  it('opens with the passphrase, however a keyboard writes it (NFKC)', async () => {
    expect(await openKeyFile(text, { passphrase })).toEqual({ ok: true, value: keys });
    const other = { passphrase: passphrase.replace('ﬁ', 'fi') };
    expect(await openKeyFile(`${text}\n`, other)).toEqual({ ok: true, value: keys });
    expect(shares.at(-1)).toBe(1);
  });

  it("opens with the person's card, without the passphrase", async () => {
    expect(await openKeyFile(text, { card })).toEqual({ ok: true, value: keys });
  });

  it('does not open with another passphrase or card', async () => {
    const secrets = [{ passphrase: '' }, { card: { member: seedOf('other') } }];
    for (const secret of secrets) {
      expect(await openKeyFile(text, secret)).toMatchObject({ ok: false, rule: 'K1' });
    }
  });

  it('shows nothing: its length grows in steps of a kibibyte, names and keys are sealed', async () => {
    expect(text).not.toContain('Alice');
    expect(text).not.toContain(toB64u(keys.member));
    const longer = { ...keys, name: 'Alice with a longer name' };
    expect(await sealKeyFile(seededEngine('x'), longer, passphrase)).toHaveLength(text.length);
  });

  it('that is bent is refused in words; none can ask for more work than ours', async () => {
    const file = JSON.parse(text) as { body: string; slots: { [key: string]: Json }[] };
    const bent = (change: object) => encode({ ...file, t: 'parley-keys', v: 1, ...change } as Json);
    const [slot, cardSlot] = file.slots;
    const texts = [
      '',
      '{}',
      text.slice(0, -1),
      bent({ v: 2 }),
      bent({ slots: [] }),
      bent({ slots: Array.from({ length: 5 }, () => slot) }),
      bent({ slots: [{ ...slot, n: 2 ** 30 }] }),
      bent({ slots: [{ ...slot, p: 64 }] }),
      bent({ slots: [{ ...cardSlot, k: toBase64(new Uint8Array(71)) }] }),
      bent({ body: toBase64(new Uint8Array(24)) }),
      bent({ body: toBase64(new Uint8Array(1064)) }),
    ];
    for (const one of texts) {
      expect(await openKeyFile(one, { card })).toMatchObject({ ok: false, rule: 'R5' });
    }
  });
});

describe('a key card', () => {
  it('is read as it was written, with spaces around it too', () => {
    expect(readKeyCard(` ${keyCardText(card)}\n`)).toEqual({ ok: true, value: card });
    const { party: _party, ...plain } = card;
    expect(readKeyCard(keyCardText(plain))).toEqual({ ok: true, value: plain });
  });

  it('of another form is refused', () => {
    const written = (value: Json) => `parley-card-1.${toB64u(utf8(encode(value)))}`;
    const body = { cid, inbox: toB64u(inbox), m: toB64u(member), n: mission };
    expect(readKeyCard(written(body)).ok).toBe(true);
    const texts = [
      '',
      'parley-card-2.e30',
      'parley-card-1.',
      'parley-card-1.???',
      `parley-card-1.${'A'.repeat(4000)}`,
      written({}),
      written({ ...body, m: toB64u(new Uint8Array(31)) }),
      written({ ...body, x: 1 }),
    ];
    for (const text of texts) expect(readKeyCard(text)).toMatchObject({ ok: false, rule: 'R5' });
  });
});
