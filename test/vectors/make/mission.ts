import { fromUtf8 } from '#protocol/codec/bytes.ts';
import { sidOf } from '#protocol/codec/fingerprint.ts';
import { toB32, toB64u, toBase64 } from '#protocol/codec/text-form.ts';
import { agree } from '#protocol/crypto/agreement.ts';
import { agreementPair } from '#protocol/crypto/nacl.ts';
import { linkFor, writeCode, type JoinCode } from '#protocol/mission/code.ts';
import { requestMac, sessionKey, transcript } from '#protocol/mission/login.ts';
import { safetyCode } from '#protocol/mission/safety-code.ts';
import { foundingOf } from '../../support/ceremony.ts';
import { seedOf } from '../../support/people.ts';

/** A founding of two parties, from posts to genesis and safety code. */
export async function foundingVectors(): Promise<unknown> {
  const made = await foundingOf('red', 'blue');
  return {
    note: 'keys as in certificates.json; the genesis stands on a tree of /proto alone',
    foundingKey: toB64u(made.foundingKey),
    fpk: toB64u(made.poster.publicKey),
    names: made.names,
    draft: made.draft,
    posts: [...made.commits, ...made.revealed, ...made.found],
    list: made.record.l,
    f: toB64u(made.f),
    safetyCode: safetyCode(made.f),
    genesis: toBase64(made.genesis),
    sid: sidOf(made.genesis),
    cid: made.cid,
  };
}

/** One code of each kind. */
export function codeVectors(): Promise<unknown> {
  const box = seedOf('box');
  const codes: JoinCode[] = [
    { kind: 'box', box },
    { kind: 'box', box, openingKey: seedOf('opening key').slice(0, 16) },
    { kind: 'founding', box, foundingKey: seedOf('founding key') },
    {
      kind: 'ticket',
      box,
      cid: toB32(seedOf('cid')),
      pfp: toB32(seedOf('pfp')),
      secret: seedOf('ticket secret'),
      mission: 'Flood response',
      party: 'Red',
    },
  ];
  const origin = 'https://192.168.1.5:8443';
  return Promise.resolve({
    box: toB64u(box),
    codes: codes.map((code) => ({
      kind: code.kind,
      code: writeCode(code),
      link: linkFor(origin, code),
    })),
  });
}

/** A login from both sides, a request and an MQTT password. */
export function loginVectors(): Promise<unknown> {
  const device = agreementPair(seedOf('ec'));
  const box = agreementPair(seedOf('eb'));
  const parts = {
    bk: toB64u(seedOf('bk')),
    c: toB32(seedOf('cid')),
    d: toB32(seedOf('dfp')),
    eb: toB64u(box.publicKey),
    ec: toB64u(device.publicKey),
    nb: toB64u(seedOf('nb')),
    nc: toB64u(seedOf('nc')),
    t: 'tls-blind',
  };
  const bytes = transcript(parts);
  const shared = agree(device.secret, box.publicKey);
  if (shared === undefined) throw new Error('no shared secret');
  const key = sessionKey(shared, bytes);
  const body = seedOf('body');
  const request = { method: 'POST', path: '/v1/s/x/pack?head=1', counter: 1 };
  const mqtt = { method: 'MQTT', path: parts.d, counter: 2 };
  return Promise.resolve({
    scalars: { ec: toB64u(device.secret), eb: toB64u(box.secret) },
    parts,
    transcript: fromUtf8(bytes),
    sessionKey: toB64u(key),
    request: { ...request, body: toB64u(body), mac: toB64u(requestMac(key, { ...request, body })) },
    mqtt: {
      ...mqtt,
      password: `2.${toB64u(requestMac(key, { ...mqtt, body: new Uint8Array(0) }))}`,
    },
  });
}
