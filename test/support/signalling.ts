import { toB64u } from '#protocol/codec/text-form.ts';
import { deviceFingerprint } from '#protocol/codec/fingerprint.ts';
import { scalarKey, type AgreementKey } from '#protocol/crypto/agreement.ts';
import { seedSigner, type Signer } from '#protocol/crypto/sign.ts';
import { SignalWriter, type SignalSource } from '#protocol/media/signal.ts';
import { nodeEngine } from './protocol-ports.ts';

/** A device as far as signals see it. */
export interface SignallingDevice {
  device: string;
  key: Uint8Array;
  signer: Signer;
  agreement: AgreementKey;
  writer: SignalWriter;
  source: SignalSource;
}

/** A device of a number 0…255, always the same keys, with a fresh boot. */
export function signallingDevice(number: number): SignallingDevice {
  const signer = seedSigner(new Uint8Array(32).fill(number));
  const key = signer.publicKey;
  const device = deviceFingerprint(key);
  return {
    device,
    key,
    signer,
    agreement: scalarKey(new Uint8Array(32).fill(number + 100)),
    writer: new SignalWriter(nodeEngine, signer, device),
    source: { device, key },
  };
}

/** The id of a call, conference or board in tests. */
export const someId = toB64u(new Uint8Array(16).fill(7));

/** A mission or room in tests. */
export const someCid = 'a'.repeat(51) + 'q';
