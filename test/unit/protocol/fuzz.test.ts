import { beforeAll, expect, it } from 'vitest';
import { encode, type Json } from '#protocol/codec/canonical-json.ts';
import { toB64u, toBase64 } from '#protocol/codec/text-form.ts';
import { ticketKeys } from '#protocol/identity/ticket.ts';
import {
  openClaimName,
  readClaim,
  verifyClaim,
  type SignedClaim,
} from '#protocol/identity/claim.ts';
import { readCertificate, verifyCertificate } from '#protocol/identity/certificate.ts';
import type { TicketBody } from '#protocol/identity/certificate-form.ts';
import { foldFounding } from '#protocol/mission/ceremony.ts';
import { readCharter } from '#protocol/mission/charter.ts';
import { readDraft } from '#protocol/mission/founding.ts';
import { checkGenesis, genesisArguments } from '#protocol/mission/genesis.ts';
import { openNames } from '#protocol/mission/names.ts';
import { openMessage } from '#protocol/crypto/message-seal.ts';
import { openBox } from '#protocol/crypto/epoch-box.ts';
import { foundingOf, type Ceremony } from '../../support/ceremony.ts';
import { nodeEngine } from '../../support/protocol-ports.ts';
import { leadNamed, seedOf, type Lead } from '../../support/people.ts';
import { seeded } from '../../support/seeded.ts';

let founding: Ceremony;
let red: Lead;
beforeAll(async () => {
  founding = await foundingOf('red', 'blue');
  red = await leadNamed('red');
});

/** Things that peers send in the place of others. */
function oddities(random: () => number): unknown[] {
  const bytes = Uint8Array.from({ length: 64 }, () => random() * 256);
  return [
    null,
    undefined,
    true,
    -0,
    -1,
    0.5,
    2 ** 53,
    Number.NaN,
    '',
    '\ud800',
    '\u0000',
    'constructor',
    '__proto__',
    [],
    {},
    [[[[[[[[[[]]]]]]]]]],
    { constructor: 1, c: 1, s: 1, w: 1 },
    toB64u(bytes),
    toB64u(bytes.subarray(0, 32)),
    toBase64(bytes),
    toB64u(new Uint8Array(32)),
    'A'.repeat(100_000),
  ];
}

/** A copy with one to three places replaced, removed or doubled. */
function bent(value: unknown, random: () => number): unknown {
  let whole = structuredClone(value);
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  for (let change = 0; change <= random() * 3; change++) {
    if (typeof whole !== 'object' || whole === null) return pick(oddities(random));
    let at = whole as Record<string, unknown>;
    let key = pick(Object.keys(at));
    while (key !== undefined && typeof at[key] === 'object' && at[key] !== null && random() < 0.8) {
      const inner = at[key] as Record<string, unknown>;
      if (Object.keys(inner).length === 0) break;
      at = inner;
      key = pick(Object.keys(at));
    }
    if (key === undefined) whole = pick(oddities(random));
    else if (random() < 0.2) delete at[key];
    else if (random() < 0.1) at[`${key}2`] = at[key];
    else at[key] = pick(oddities(random));
  }
  return whole;
}

it('no reader of what peers send throws, whatever is put in whichever place', async () => {
  const random = seeded(2026);
  const x = genesisArguments(founding.record);
  const certificate = red.chain.member;
  const entries = [...founding.commits, ...founding.revealed];
  for (let round = 0; round < 400; round++) {
    const wrong = bent(certificate, random);
    const read = readCertificate(wrong, 'member');
    if (read.ok) await verifyCertificate(nodeEngine, read.value, red.party.publicKey);
    expect(readCharter(bent(founding.draft.charter, random))).toHaveProperty('ok');
    expect(readDraft(bent(founding.draft, random))).toHaveProperty('ok');
    const genesis = bent(x, random);
    const isSame = JSON.stringify(genesis) === JSON.stringify(x);
    expect((await checkGenesis(nodeEngine, genesis)).ok && !isSame).toBe(false);
    const sealed = toBase64(Uint8Array.from({ length: 296 }, () => random() * 256));
    expect(openNames(seedOf('fk'), sealed, founding.draft.charter).ok).toBe(false);
  }
  for (let round = 0; round < 60; round++) {
    const wrong = bent(entries, random);
    const list: unknown[] = Array.isArray(wrong) ? (wrong as unknown[]) : [wrong];
    const state = await foldFounding(nodeEngine, founding.draft, founding.poster.publicKey, list);
    expect(state.verdicts).toHaveLength(list.length);
  }
});

it('no claim throws, in text or in value', async () => {
  const random = seeded(7);
  const { device, member } = red.chain;
  const signature = toB64u(new Uint8Array(64));
  const serial = toB64u(new Uint8Array(16));
  const claim: SignedClaim = {
    claim: {
      b: toB64u(seedOf('b')),
      c: red.pfp,
      d: device,
      m: { c: member.c, w: member.w },
      r: toB64u(seedOf('r')),
      t: serial,
    },
    n: toBase64(new Uint8Array(296)),
    si: signature,
    sm: signature,
    sd: signature,
  };
  const ticket: TicketBody = {
    v: 1,
    t: 'ticket',
    id: serial,
    cid: red.pfp,
    p: red.pfp,
    ipk: toB64u(ticketKeys(seedOf('s')).signer.publicKey),
    kind: 'person',
    n: 1,
    rooms: [],
    serial,
    m: red.mfp,
  };
  expect(readClaim(encode(claim as unknown as Json)).ok).toBe(true);
  for (let round = 0; round < 400; round++) {
    const read = readClaim(JSON.stringify(bent(claim, random)) ?? '');
    if (!read.ok) continue;
    expect((await verifyClaim(nodeEngine, read.value, ticket, toB64u(seedOf('b')))).ok).toBe(false);
    expect(openClaimName(seedOf('key'), read.value).ok).toBe(false);
  }
});

it('no sealed body and no box throws, whatever its bytes', async () => {
  const random = seeded(9);
  const place = { v: 1, l: 1, ps: [], th: '', k: 'msg', cid: red.pfp, d: red.dfp, q: 0 } as const;
  const pc = toB64u(new Uint8Array(64));
  for (let round = 0; round < 300; round++) {
    const length = [0, 1, 24, 40, 296, 552][round % 6] as number;
    const body = Uint8Array.from({ length }, () => random() * 256);
    expect(openMessage(seedOf('k'), { ...place, ps: [], pc }, body).ok).toBe(false);
    const text = (size: number) => toB64u(body.subarray(0, size));
    expect(await openBox(red.inbox, text(32), [text(24), text(48)])).toBeUndefined();
  }
});
