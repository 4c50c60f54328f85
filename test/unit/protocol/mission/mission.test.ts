import { expect, it } from 'vitest';
import { toB32, toB64u } from '#protocol/codec/text-form.ts';
import { agree, freshPair } from '#protocol/crypto/agreement.ts';
import { readCharter, thresholds } from '#protocol/mission/charter.ts';
import { linkFor, readCode, writeCode, type JoinCode } from '#protocol/mission/code.ts';
import { requestMac, sessionKey, transcript } from '#protocol/mission/login.ts';
import { namesHash, namesText, openNames, sealNames } from '#protocol/mission/names.ts';
import { safetyCode } from '#protocol/mission/safety-code.ts';
import { charterFor } from '../../../support/ceremony.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { seedOf } from '../../../support/people.ts';
import { seeded } from '../../../support/seeded.ts';

const names = namesText(nodeEngine, {
  name: 'Flood response',
  purpose: 'Паводок',
  parties: [
    { code: 'R', name: 'Red' },
    { code: 'B', name: 'Blue' },
  ],
});
const charter = charterFor(2, names);

it('V11: no threshold of addparty or rule below another one is accepted, every other is (S187)', () => {
  for (const addparty of thresholds)
    for (const rule of thresholds)
      for (const ban of thresholds)
        for (const close of thresholds)
          for (const update of thresholds) {
            const others = [addparty, rule, ban, close, update].map((t) => thresholds.indexOf(t));
            const lowest = Math.min(others[0]!, others[1]!);
            const read = readCharter({ ...charter, addparty, rule, ban, close, update });
            expect(read.ok).toBe(others.every((other) => lowest >= other));
          }
});

it.each([
  { n: 1 },
  { n: 33 },
  { wait: 0 },
  { wait: 9000 },
  { hist: 'some' },
  { unit: 'member' },
  { names: 'x' },
  { extra: 1 },
])('a charter with %j is refused', (change) => {
  expect(readCharter({ ...charter, ...change }).ok).toBe(false);
});

it('the names open for those who have the join code, and only against the hash in the charter', () => {
  const key = seedOf('founding key');
  const sealed = sealNames(nodeEngine, key, names);
  expect(openNames(key, sealed, charter)).toMatchObject({
    ok: true,
    value: { name: 'Flood response', purpose: 'Паводок' },
  });
  expect(openNames(seedOf('other'), sealed, charter).ok).toBe(false);
  expect(openNames(key, sealed, { ...charter, n: 3 }).ok).toBe(false);
  expect(openNames(key, sealed, { ...charter, names: namesHash('{}') }).ok).toBe(false);
  expect(openNames(key, '!', charter).ok).toBe(false);
});

it('equal names in two foundings have different hashes, so that a guess cannot be checked', () => {
  const again = namesText(nodeEngine, JSON.parse(names.replace(/,"s":"[^"]*"/, '')) as never);
  expect(namesHash(again)).not.toBe(namesHash(names));
});

it('the safety code is twenty digits and ten pictures of the same bits (F5)', () => {
  for (let i = 0; i < 200; i++) {
    const { digits, pictures } = safetyCode(seedOf(`f ${i}`));
    expect(digits).toMatch(/^\d{20}$/);
    expect(pictures.map((picture) => String(picture).padStart(2, '0')).join('')).toBe(digits);
    expect(BigInt(digits)).toBeLessThan(2n ** 66n);
  }
});

const codes: JoinCode[] = [
  { kind: 'box', box: seedOf('box') },
  { kind: 'box', box: seedOf('box'), openingKey: seedOf('opening key').slice(0, 16) },
  { kind: 'founding', box: seedOf('box'), foundingKey: seedOf('fk') },
  {
    kind: 'ticket',
    box: seedOf('box'),
    cid: toB32(seedOf('cid')),
    pfp: toB32(seedOf('pfp')),
    secret: seedOf('s'),
    mission: 'Flood response',
    party: 'Красный крест',
  },
];

it.each(codes)(
  'a code of kind $kind is read from itself, from its link and from a careless copy',
  (code) => {
    const written = writeCode(code);
    const link = linkFor('https://192.168.1.5:8443', code);
    const careless = [
      `  ${written}\n`,
      ` ${link} `,
      `${written.slice(0, 20)}\n  ${written.slice(20)}`,
    ];
    for (const text of [written, link, ...careless]) {
      expect(readCode(text)).toEqual({ ok: true, value: code });
    }
  },
);

it.each(codes)('a code of kind $kind that is cut anywhere is refused with a sentence', (code) => {
  const written = writeCode(code);
  // A box's code that ends just before the opening key is one: it names the box and opens nothing.
  const whole = code.kind === 'box' ? writeCode({ kind: 'box', box: code.box }).length : -1;
  for (let length = 0; length < written.length; length++) {
    if (length === whole) continue;
    const read = readCode(written.slice(0, length));
    expect(read).toMatchObject({ ok: false, why: expect.stringMatching(/^[A-Z].*\.$/) });
  }
});

it.each([
  ['', 'There is no code.'],
  ['   ', 'There is no code.'],
  ['hello world!', 'This is not a Parley code.'],
  ['https://example.org/', 'This is not a Parley code.'],
  ['WIFI:T:WPA;S:box;P:secret;;', 'This is not a Parley code.'],
  ['AgAA', 'This is not a Parley code, or it is of another version.'],
  ['x'.repeat(5000), 'This is too long to be a code.'],
  [
    toB64u(Uint8Array.of(1, 9, ...seedOf('box'))),
    'This code is for something that this version does not know.',
  ],
  [toB64u(Uint8Array.of(1, 0, ...seedOf('box'), 7)), 'The end of the code is missing.'],
  [
    toB64u(Uint8Array.of(1, 0, ...seedOf('box'), ...new Uint8Array(17))),
    'There is something behind the end of the code.',
  ],
])('%j is refused: %s', (text, why) => {
  expect(readCode(text)).toMatchObject({ ok: false, rule: 'J1', why });
});

it('random codes get a verdict, never an exception', () => {
  const random = seeded(11);
  for (let round = 0; round < 2000; round++) {
    const bytes = Uint8Array.from({ length: Math.floor(random() * 200) }, () => random() * 256);
    bytes[0] = 1;
    bytes[1] = round % 4;
    expect(typeof readCode(toB64u(bytes)).ok).toBe('boolean');
  }
});

it('both sides of a login derive one session key; a second box or another channel derives another (S182, A2, A3)', () => {
  const [device, box] = [freshPair(nodeEngine), freshPair(nodeEngine)];
  const start = {
    c: toB32(seedOf('cid')),
    d: toB32(seedOf('dfp')),
    ec: toB64u(device.publicKey),
    nc: toB64u(seedOf('nc')),
  };
  const offer = { bk: toB64u(seedOf('bk')), eb: toB64u(box.publicKey), nb: toB64u(seedOf('nb')) };
  const bytes = transcript({ ...start, ...offer, t: 'tls-blind' });
  const mine = sessionKey(agree(device.secret, box.publicKey)!, bytes);
  const theirs = sessionKey(agree(box.secret, device.publicKey)!, bytes);
  expect(mine).toEqual(theirs);
  for (const change of [{ bk: offer.nb }, { t: 'tls-ca' }, { c: start.d }, { nb: offer.bk }]) {
    const other = transcript({ ...start, ...offer, t: 'tls-blind', ...change });
    expect(sessionKey(agree(device.secret, box.publicKey)!, other)).not.toEqual(mine);
  }
});

it('the MAC of a request covers method, path, counter, body and key (A4)', () => {
  const request = { method: 'POST', path: '/v1/s?x=1', counter: 1, body: seedOf('body') };
  const macs = [
    requestMac(seedOf('k'), request),
    requestMac(seedOf('other'), request),
    requestMac(seedOf('k'), { ...request, method: 'PUT' }),
    requestMac(seedOf('k'), { ...request, path: '/v1/s?x=2' }),
    requestMac(seedOf('k'), { ...request, counter: 2 }),
    requestMac(seedOf('k'), { ...request, body: new Uint8Array(0) }),
  ];
  expect(new Set(macs.map(toB64u)).size).toBe(macs.length);
  expect(macs[0]?.length).toBe(32);
});
