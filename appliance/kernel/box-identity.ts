import {
  generateKeyPairSync,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromB64u, toB64u } from '#protocol/codec/text-form.ts';
import { signable, type Signer } from '#protocol/crypto/sign.ts';
import type { Address, Addresses } from './addresses.ts';
import type { Clock } from './clock.ts';
import { makeDirectoryDurably, writeDurably } from './durable-file.ts';
import { Refusal, systemCode } from './refusal.ts';
import { selfSigned, type CertificateWish } from './self-signed.ts';

/** Key and certificate for TLS, both PEM. */
export interface TlsIdentity {
  key: string;
  cert: string;
}

/**
 * Who the box is: the Ed25519 box key `bk` (A1), by which a device knows it
 * again, a TLS key with a self-signed certificate, and the opening key. All are made
 * once for each mission and lie in `box/` of the data directory.
 */
export interface BoxIdentity extends Signer {
  /** 16 bytes that prove that somebody has seen the console; shown there, never sent by the box. */
  readonly openingKey: Uint8Array;
  /** Present key and certificate. */
  tls(): TlsIdentity;
  /** SHA-256 of the certificate as browsers show it: `4F:0A:…`, 32 pairs. */
  fingerprint(): string;
  /** Makes a new certificate, same key, if the addresses differ from the present one's. */
  renewIfNeeded(): Promise<boolean>;
}

const daySeconds = 24 * 3600;
/** The box cannot run before it was written: floor for a clock without a battery. */
const earliestSeconds = Date.UTC(2026, 10, 1) / 1000;
/** Far back, since phones' clocks are wrong too and refuse what is not yet valid. */
const backSeconds = 400 * daySeconds;
/** With `backSeconds` below the 825 days that Apple accepts. */
const aheadSeconds = 397 * daySeconds;

/** Reads the identity below `directory`, or makes it there if this is a new mission. */
export async function openBoxIdentity(
  directory: string,
  hostName: string,
  addresses: Addresses,
  clock: Clock,
): Promise<BoxIdentity> {
  await makeDirectoryDurably(directory);
  const boxKeyPath = join(directory, 'box-key.pem');
  const boxKey = readKey(
    boxKeyPath,
    await readOrMake(boxKeyPath, () => generateKeyPairSync('ed25519').privateKey),
  );
  const tlsKeyPath = join(directory, 'tls-key.pem');
  const tlsKey = await readOrMake(
    tlsKeyPath,
    () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  );
  readKey(tlsKeyPath, tlsKey);
  const openingKey = await readOrMakeOpeningKey(join(directory, 'opening-key'));
  const certificatePath = join(directory, 'tls-certificate.pem');
  let certificate = await readIfThere(certificatePath);

  const renewIfNeeded = async (): Promise<boolean> => {
    const known = addresses.current();
    const nowSeconds = Math.max(Math.floor(clock.now() / 1000), earliestSeconds);
    const wish: CertificateWish = {
      keyPem: tlsKey,
      hostNames: ['localhost', hostName],
      ips: ['127.0.0.1', '::1', ...known.map((address) => address.ip)],
      notBeforeSeconds: nowSeconds - backSeconds,
      notAfterSeconds: nowSeconds + aheadSeconds,
    };
    if (certificate && serves(certificate, wish, mustServe(known), nowSeconds)) return false;
    const next = await selfSigned(wish);
    await writeDurably(certificatePath, Buffer.from(next));
    certificate = next;
    return true;
  };
  await renewIfNeeded();
  const present = (): string => certificate ?? '';

  return {
    publicKey: rawPublicKey(boxKey),
    openingKey,
    sign: async (namespace, message) =>
      new Uint8Array(sign(null, signable(namespace, message), boxKey)),
    tls: () => ({ key: tlsKey, cert: present() }),
    fingerprint: () => new X509Certificate(present()).fingerprint256,
    renewIfNeeded,
  };
}

/**
 * A new certificate makes every browser warn again, and IPv6 privacy addresses
 * change daily: where there is IPv4, which the QR code carries, only that counts.
 */
function mustServe(known: readonly Address[]): readonly string[] {
  const v4 = known.filter((address) => address.family === 4);
  return (v4.length > 0 ? v4 : known).map((address) => address.ip);
}

function serves(
  pem: string,
  wish: CertificateWish,
  ips: readonly string[],
  nowSeconds: number,
): boolean {
  const certificate = readCertificate(pem);
  if (!certificate) return false;
  const leftSeconds = Date.parse(certificate.validTo) / 1000 - nowSeconds;
  return (
    leftSeconds > aheadSeconds / 3 &&
    // Made while the clock was far ahead, it would not be valid for years.
    Date.parse(certificate.validFrom) / 1000 <= nowSeconds &&
    certificate.checkPrivateKey(createPrivateKey(wish.keyPem)) &&
    wish.hostNames.every((name) => certificate.checkHost(name) !== undefined) &&
    ips.every((ip) => certificate.checkIP(ip) !== undefined)
  );
}

function readKey(path: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    const advice = 'Restore it from a backup, or begin anew with --data DIR';
    throw new Refusal(`The key file ${path} is damaged. ${advice}.`, 1, error);
  }
}

/** Undefined for a damaged one, which is made again: it holds nothing that is needed. */
function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function rawPublicKey(key: KeyObject): Uint8Array {
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return new Uint8Array(Buffer.from(x ?? '', 'base64url'));
}

async function readOrMake(path: string, make: () => KeyObject): Promise<string> {
  const found = await readIfThere(path);
  if (found !== undefined) return found;
  const pem = make().export({ type: 'pkcs8', format: 'pem' }).toString();
  await writeDurably(path, Buffer.from(pem));
  return pem;
}

/** A damaged one is made again: nothing but the code on the console depends on it. */
async function readOrMakeOpeningKey(path: string): Promise<Uint8Array> {
  const kept = fromB64u((await readIfThere(path)) ?? '', 16);
  if (kept) return kept;
  const made = new Uint8Array(randomBytes(16));
  await writeDurably(path, Buffer.from(toB64u(made)));
  return made;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
