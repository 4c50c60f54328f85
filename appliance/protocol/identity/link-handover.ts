import { concat, fromUtf8, utf8 } from '../codec/bytes.ts';
import { encode, type Json } from '../codec/canonical-json.ts';
import { memberFingerprint } from '../codec/fingerprint.ts';
import { H32 } from '../codec/hash.ts';
import { base64, b64u, fields, type Guard } from '../codec/shape.ts';
import { fromB64u, fromBase64, toB64u, toBase64 } from '../codec/text-form.ts';
import { freshPair, keyFromShared, agree, type AgreementKey } from '../crypto/agreement.ts';
import { seal, unseal } from '../crypto/seal.ts';
import type { Signer } from '../crypto/sign.ts';
import { verifyBlob } from '../crypto/verify-strict.ts';
import type { Engine } from '../ports.ts';
import { accepted, refused, type Parsed, type Verdict } from '../verdict.ts';
import { subjectKey, verifyApplication, verifyCertificate } from './certificate.ts';
import {
  isCertificate,
  type Application,
  type Certificate,
  type DeviceBody,
} from './certificate-form.ts';
import type { LinkOffer } from './link.ts';
import type { LinkAnswer } from './link-answer.ts';

/** What the old device hands over: the certificate, and the person's keys boxed to the new device. */
export interface LinkHandover {
  /** `nonce ‖ secretbox`, base64. */
  box: string;
  d: Certificate<DeviceBody>;
  /** Fresh X25519 key of this handover alone. */
  ek: string;
  /** The old device's signature. */
  w: string;
}

/** Bytes of keys that are handed over at most: a link is held in the memory of the box. */
export const largestHandover = 393_216;
/** The length betrays only roughly how many keys there are. */
const stepBytes = 1024;
const nonceBytes = 24;

/** The form of a handover. */
export const isLinkHandover: Guard<LinkHandover> = fields({
  box: base64(nonceBytes + 16, largestHandover + stepBytes + nonceBytes + 16),
  d: isCertificate('device'),
  ek: b64u(32),
  w: b64u(64),
});

/** J9: the application is of the keys that were scanned, and for the person who scanned them. */
export async function checkApplication(
  engine: Engine,
  offer: LinkOffer,
  member: Uint8Array,
  application: Application<DeviceBody>,
): Promise<Verdict> {
  const { c } = application;
  if (c.pk !== offer.pk || c.x !== offer.x) return refused('J9', 'other keys than those scanned');
  if (c.m !== memberFingerprint(member)) return refused('J9', 'for another person');
  return verifyApplication(engine, application);
}

/** Boxes `text` to the device of the certificate. Throws RangeError beyond `largestHandover`. */
export async function handOver(
  engine: Engine,
  id: string,
  device: Signer,
  d: Certificate<DeviceBody>,
  text: string,
): Promise<LinkHandover> {
  const plain = utf8(text);
  if (plain.length > largestHandover) throw new RangeError('more keys than a link carries');
  const pair = freshPair(engine, plain);
  const shared = agree(pair.secret, fromB64u(d.c.x, 32) ?? new Uint8Array(0));
  if (!shared) throw new RangeError('a weak X25519 key');
  const padding = new Uint8Array(-plain.length & (stepBytes - 1)).fill(0x20);
  const key = sealingKey(keyFromShared(shared), id);
  const box = toBase64(seal(key, engine.random(nonceBytes), concat(plain, padding)));
  const ek = toB64u(pair.publicKey);
  const w = toB64u(await device.sign('swarm-signal-v1', said(id, { box, d, ek })));
  return { box, d, ek, w };
}

/**
 * Opens what the old device handed over: signed by the device whose digits were compared, with a
 * certificate for exactly our keys.
 */
export async function openHandover(
  engine: Engine,
  id: string,
  { offer, answer, agreement }: { offer: LinkOffer; answer: LinkAnswer; agreement: AgreementKey },
  { box, d, ek, w }: LinkHandover,
): Promise<Parsed<string>> {
  const old = subjectKey(answer.by.d.c);
  const signature = fromB64u(w, 64) ?? new Uint8Array(0);
  const isSigned = await verifyBlob(
    engine,
    'swarm-signal-v1',
    old,
    said(id, { box, d, ek }),
    signature,
  );
  if (!isSigned) return refused('J9', 'the old device did not hand this over');
  const member = subjectKey(answer.by.m.c);
  const applied = await checkApplication(engine, offer, member, d);
  if (!applied.ok) return applied;
  const certified = await verifyCertificate(engine, d, member);
  if (!certified.ok) return certified;
  const shared = await agreement.shared(fromB64u(ek, 32) ?? new Uint8Array(32));
  const plain = unseal(sealingKey(shared, id), fromBase64(box) ?? new Uint8Array(0));
  const text = plain && fromUtf8(plain);
  if (text === undefined) return refused('K1', 'the keys do not open here');
  return { ok: true, value: text.trimEnd() };
}

/** Whether these public keys are of the person and mission that the answer named. */
export function isOfAnswer(
  { by, cid }: LinkAnswer,
  keys: { cid: string; pfp: string; member: Uint8Array; inbox: Uint8Array },
): Verdict {
  const isSame =
    keys.cid === cid &&
    keys.pfp === by.m.c.p &&
    toB64u(keys.member) === by.m.c.pk &&
    toB64u(keys.inbox) === by.m.c.x;
  return isSame ? accepted : refused('J9', 'keys of somebody else');
}

function sealingKey(shared: Uint8Array, id: string): Uint8Array {
  return H32('link-seal', shared, id);
}

function said(id: string, handed: Omit<LinkHandover, 'w'>): Uint8Array {
  return utf8(encode({ handed: handed as unknown as Json, l: id, t: 'link-keys' }));
}
