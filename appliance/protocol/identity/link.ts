import { utf8 } from '../codec/bytes.ts';
import { encode, type Json } from '../codec/canonical-json.ts';
import { H, H32 } from '../codec/hash.ts';
import { b64u, fields, oneOf, type Guard } from '../codec/shape.ts';
import { fromB64u, toB32, toB64u } from '../codec/text-form.ts';
import { isAgreementPoint } from '../crypto/agreement.ts';
import type { Signer } from '../crypto/sign.ts';
import { isStrongKey, verifyBlob } from '../crypto/verify-strict.ts';
import type { Engine } from '../ports.ts';
import { accepted, refused, type Verdict } from '../verdict.ts';
import { isApplication, type Application, type DeviceBody } from './certificate-form.ts';

/** What a device says of itself that a person wants to use as well (J9); all of it public. */
export interface LinkOffer {
  /** Hash of the key of the box that it deals with, b64u. */
  b: string;
  /** 16 random bytes, so that no two links are the same. */
  n: string;
  /** Its Ed25519 key. */
  pk: string;
  /** Its X25519 key. */
  x: string;
}

/** What its QR code says: enough to know the keys by, and nothing that anybody could use. */
export interface LinkCode {
  /** Hash of the box's key, 32 bytes. */
  box: Uint8Array;
  /** `H("link-keys", pk, x)[0..32]`. */
  keys: Uint8Array;
  /** 16 random bytes. */
  n: Uint8Array;
}

/** Why one side ended a link. */
export type LinkEnd = 'cancelled' | 'differs';

/** What the new device says after its offer, each once, signed by its key. */
export type NewDeviceSays =
  /** Its 16 bytes for the digits, after the old device is bound to its own. */
  | { k: 'nonce'; n: string }
  /** It asks for the certificate: the person has said there that the digits match. */
  | { k: 'apply'; d: Application<DeviceBody> }
  /** It has taken the keys over. */
  | { k: 'arrived' }
  | { k: 'end'; why: LinkEnd };

/** What was said, and the signature over it. */
export interface Signed<T> {
  say: T;
  w: string;
}

/** The form of an offer. */
export const isLinkOffer: Guard<LinkOffer> = fields({
  b: b64u(32),
  n: b64u(16),
  pk: b64u(32),
  x: b64u(32),
});

/** The form of an ending. */
export const isLinkEnd = fields({ k: oneOf('end'), why: oneOf('cancelled', 'differs') });
const isNonce = fields({ k: oneOf('nonce'), n: b64u(16) });
const isApply = fields({ k: oneOf('apply'), d: isApplication('device') });
const isArrived = fields({ k: oneOf('arrived') });
const isSaid: Guard<NewDeviceSays> = (value): value is NewDeviceSays =>
  isNonce(value) || isApply(value) || isArrived(value) || isLinkEnd(value);

/** The form of what the new device sends. */
export const isNewDeviceSays = fields({ say: isSaid, w: b64u(64) }) as Guard<Signed<NewDeviceSays>>;

/** What the code of an offer says. */
export function codeOfOffer(offer: LinkOffer): LinkCode {
  return { box: bytes(offer.b), keys: linkKeys(offer), n: bytes(offer.n) };
}

/** Name of a link, known from the code alone: 32 characters. */
export function linkId({ box, keys, n }: LinkCode): string {
  return toB32(H('link', box, keys, n).subarray(0, 20));
}

/** J9: the offer is the one whose code was scanned, with keys that can be used. */
export function checkOffer(offer: LinkOffer, id: string): Verdict {
  if (linkId(codeOfOffer(offer)) !== id) return refused('J9', 'the keys are not those of the code');
  if (!isStrongKey(bytes(offer.pk))) return refused('R-KEY', 'a weak device key');
  return isAgreementPoint(bytes(offer.x)) ? accepted : refused('K10', 'a weak X25519 key');
}

/** Signs what the new device says. */
export async function sayAsNew(
  id: string,
  device: Signer,
  say: NewDeviceSays,
): Promise<Signed<NewDeviceSays>> {
  return { say, w: toB64u(await device.sign('swarm-pop-v1', saidBy(id, say))) };
}

/** Whether the device of the offer said this in this link, and not somebody with a photograph of the code. */
export async function verifyNewSays(
  engine: Engine,
  offer: LinkOffer,
  { say, w }: Signed<NewDeviceSays>,
): Promise<Verdict> {
  const message = saidBy(linkId(codeOfOffer(offer)), say);
  const isSigned = await verifyBlob(engine, 'swarm-pop-v1', bytes(offer.pk), message, bytes(w));
  return isSigned ? accepted : refused('J9', 'the new device did not say this');
}

function saidBy(id: string, say: NewDeviceSays): Uint8Array {
  return utf8(encode({ l: id, say: say as unknown as Json, t: 'link-new' }));
}

function linkKeys({ pk, x }: LinkOffer): Uint8Array {
  return H32('link-keys', bytes(pk), bytes(x));
}

/** Empty if malformed, which no later check accepts. */
function bytes(text: string): Uint8Array {
  return fromB64u(text) ?? new Uint8Array(0);
}
