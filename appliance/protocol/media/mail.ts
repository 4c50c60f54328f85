import { concat, utf8 } from '../codec/bytes.ts';
import { H } from '../codec/hash.ts';
import { freshPair, isAgreementPoint, type AgreementKey } from '../crypto/agreement.ts';
import { boxKey, multiply } from '../crypto/nacl.ts';
import { openText, sealText } from '../crypto/seal.ts';
import type { Engine } from '../ports.ts';
import { refused, type Parsed } from '../verdict.ts';
import { readSignal, type Signal, type SignalSource, type SignalWriter } from './signal.ts';
import type { MailType, SignalBody } from './signal-form.ts';

/** A device that gets mail: its fingerprint and the X25519 key of its mission certificate. */
export interface MailAddress {
  device: string;
  x: Uint8Array;
}

/** The device that reads its mail. */
export interface MailReader {
  device: string;
  agreement: AgreementKey;
}

/**
 * Signs and seals one signal to one device: what goes on `d/<to>/<from>`. Throws TypeError for
 * a key that K10 refuses or a body of another form, RangeError above 40 960 bytes.
 */
export async function sealMail<T extends MailType>(
  engine: Engine,
  writer: SignalWriter,
  to: MailAddress,
  t: T,
  b: SignalBody<T>,
  at: { cid: string; now: number },
): Promise<Uint8Array> {
  if (!isAgreementPoint(to.x)) throw new TypeError('not an X25519 key of K10');
  const plain = await writer.write(t, b, { ...at, to: to.device });
  const pair = freshPair(engine, utf8(plain));
  const nonce = H('n', pair.secret, to.x, plain).subarray(0, 24);
  const key = boxKey(multiply(pair.secret, to.x));
  return concat(pair.publicKey, sealText(key, nonce, plain));
}

/** Opens and verifies mail that came from `source`. What it may say in `cid` is the caller's to judge. */
export async function openMail(
  engine: Engine,
  me: MailReader,
  source: SignalSource,
  sealed: Uint8Array,
): Promise<Parsed<Signal<MailType>>> {
  const ek = sealed.subarray(0, 32);
  if (!isAgreementPoint(ek)) return refused('K10', 'the mail has no good key');
  const opened = openText(await me.agreement.shared(ek), sealed.subarray(32));
  if (!opened.ok) return opened;
  const read = await readSignal(engine, opened.value, source, me.device);
  return read as Parsed<Signal<MailType>>;
}
