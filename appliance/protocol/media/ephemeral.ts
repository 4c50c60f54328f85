import { concat, fromUtf8, utf8 } from '../codec/bytes.ts';
import { H, H32 } from '../codec/hash.ts';
import type { Sealing } from '../crypto/message-seal.ts';
import { openText, sealText } from '../crypto/seal.ts';
import type { Engine } from '../ports.ts';
import { refused, type Parsed } from '../verdict.ts';
import { readSignal, type Signal, type SignalSource, type SignalWriter } from './signal.ts';
import type { EphemeralType, SignalBody } from './signal-form.ts';

/** Bytes of an epoch's name in front of a sealed ephemeral signal. */
const eidBytes = 32;

/** The room whose ephemeral signals are read. */
export interface EphemeralRoom {
  cid: string;
  /** The key of an epoch that may still be used, or undefined. */
  epochKey(eid: string): Uint8Array | undefined;
}

/** Signs one signal and seals it to a room under an epoch: what goes on `s/<tp>/e/<dfp>`. Throws as `sealMail`. */
export async function sealEphemeral<T extends EphemeralType>(
  engine: Engine,
  writer: SignalWriter,
  epoch: Sealing & { eid: string },
  t: T,
  b: SignalBody<T>,
  at: { cid: string; now: number },
): Promise<Uint8Array> {
  const plain = await writer.write(t, b, at);
  const { epochKey, deviceSecret, eid } = epoch;
  const nonce = H('n', epochKey, deviceSecret, plain, engine.random(32)).subarray(0, 24);
  return concat(utf8(eid), sealText(H32('eph', epochKey), nonce, plain));
}

/** Opens and verifies an ephemeral signal of `source` in a room. */
export async function openEphemeral(
  engine: Engine,
  room: EphemeralRoom,
  source: SignalSource,
  sealed: Uint8Array,
): Promise<Parsed<Signal<EphemeralType>>> {
  const eid = fromUtf8(sealed.subarray(0, eidBytes));
  const epochKey = eid === undefined ? undefined : room.epochKey(eid);
  if (epochKey === undefined) return refused('K4', 'the epoch of the signal is not known');
  const opened = openText(H32('eph', epochKey), sealed.subarray(eidBytes));
  if (!opened.ok) return opened;
  const read = await readSignal(engine, opened.value, source);
  if (!read.ok) return read;
  if (read.value.cid !== room.cid) return refused('W1', 'the signal is for another room');
  return read as Parsed<Signal<EphemeralType>>;
}
