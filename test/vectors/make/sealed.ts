import { toB64u, toBase64 } from '#protocol/codec/text-form.ts';
import { freshPair, scalarKey } from '#protocol/crypto/agreement.ts';
import {
  backLink,
  epochEntries,
  epochId,
  keyId,
  recipientsHash,
} from '#protocol/crypto/epoch-box.ts';
import { messageKey, sealMessage, type Place } from '#protocol/crypto/message-seal.ts';
import { sealProfile } from '#protocol/crypto/profile-seal.ts';
import { seedOf } from '../../support/people.ts';
import { seededEngine } from '../../support/protocol-ports.ts';

const epochKey = new Uint8Array(32).fill(9);
const sealing = { epochKey, deviceSecret: new Uint8Array(32).fill(8) };
const cid = 'c7azrpc3oxz3sxkwogkrplypfmgjdftjcaid5wgssz5n2rwygv3q';
const d = 'zzwrg7lruliqchhugnqveiw27phwji7mq4dvne5wk2tsk7heo3ya';
const pq = toB64u(new Uint8Array(64).fill(5));

/** Sealed messages at their places, and a sealed profile. */
export function sealVectors(): Promise<unknown> {
  const places: Place[] = [
    { cid, d, q: 0 },
    { cid, d, q: 7, pq },
  ];
  const message = { t: 'text/plain', b: { body: 'hello' }, m: 1_700_000_000_000 };
  const vcard = 'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Flood response\r\nEND:VCARD\r\n';
  return Promise.resolve({
    epochKey: toB64u(epochKey),
    message,
    messages: places.map((place) => {
      const { body, pc } = sealMessage(seededEngine('seal'), sealing, place, message);
      return { place, key: toB64u(messageKey(epochKey, place)), body: toBase64(body), pc };
    }),
    profile: { vcard, blob: toBase64(sealProfile(seededEngine('profile'), sealing, vcard)) },
  });
}

/** An epoch boxed to two devices, and a link back to an earlier one. */
export function epochVectors(): Promise<unknown> {
  const engine = seededEngine('epoch');
  const devices = ['one', 'two'].map((name) => ({
    d: name === 'one' ? cid : d,
    scalar: seedOf(`x ${name}`),
    x: scalarKey(seedOf(`x ${name}`)).publicKey,
  }));
  const pair = freshPair(engine, epochKey);
  const earlier = new Uint8Array(32).fill(4);
  const earlierId = epochId(cid, earlier, d, 3);
  return Promise.resolve({
    epochKey: toB64u(epochKey),
    cid,
    author: d,
    q: 9,
    id: epochId(cid, epochKey, d, 9),
    ek: toB64u(pair.publicKey),
    recipients: recipientsHash(devices.map((device) => device.d)),
    devices: devices.map((device) => ({
      d: device.d,
      scalar: toB64u(device.scalar),
      x: toB64u(device.x),
      keyid: keyId(device.x),
    })),
    boxes: epochEntries(engine, pair, devices, epochKey),
    earlier: { key: toB64u(earlier), id: earlierId },
    back: [backLink(engine, epochKey, earlierId, earlier)],
  });
}
