// @peculiar/x509 builds on decorators and needs this first.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';

/** What a certificate of the box says. */
export interface CertificateWish {
  /** PKCS #8 PEM of an ECDSA P-256 key. */
  keyPem: string;
  /** Names such as `localhost` and `parley.local`. */
  hostNames: readonly string[];
  /** Literal addresses, IPv4 or IPv6. */
  ips: readonly string[];
  /** Seconds since 1970. */
  notBeforeSeconds: number;
  notAfterSeconds: number;
}

const curve = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A self-signed server certificate as PEM. */
export async function selfSigned(wish: CertificateWish): Promise<string> {
  const privateKey = createPrivateKey(wish.keyPem);
  const publicKey = createPublicKey(privateKey);
  const keys = {
    privateKey: await importKey('pkcs8', privateKey.export({ type: 'pkcs8', format: 'der' })),
    publicKey: await importKey('spki', publicKey.export({ type: 'spki', format: 'der' })),
  };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      // The name says nothing about the mission: neighbours can read it.
      name: 'CN=Parley box',
      keys,
      signingAlgorithm: curve,
      notBefore: new Date(wish.notBeforeSeconds * 1000),
      notAfter: new Date(wish.notAfterSeconds * 1000),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([
          ...wish.hostNames.map((value) => ({ type: 'dns' as const, value })),
          ...wish.ips.map((value) => ({ type: 'ip' as const, value })),
        ]),
      ],
    },
    webcrypto,
  );
  return certificate.toString('pem');
}

function importKey(format: 'pkcs8' | 'spki', der: Buffer): Promise<webcrypto.CryptoKey> {
  const use = format === 'pkcs8' ? 'sign' : 'verify';
  return webcrypto.subtle.importKey(format, new Uint8Array(der), curve, true, [use]);
}
