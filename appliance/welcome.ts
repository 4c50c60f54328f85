import type { Address } from '#kernel/addresses.ts';
import { qrText } from '#kernel/qr-code.ts';
import { linkFor } from '#protocol/mission/code.ts';
import { boxKeyHash } from '#protocol/mission/login.ts';

/** What a person at the console needs to know once the box runs. */
export interface WelcomeFacts {
  boxKey: Uint8Array;
  /** 16 bytes that go nowhere but to the people before this console. */
  openingKey: Uint8Array;
  /** Reachable addresses; empty where the box listens for this machine only. */
  addresses: readonly Address[];
  httpsPort: number;
  /** SHA-256 of the certificate as browsers show it. */
  fingerprint: string;
  /** Services that did not start; the box is of use without them. */
  missing: readonly string[];
  /** Whether the output understands colours. */
  colours: boolean;
}

/** The text printed at the start: addresses, QR code, start of the fingerprint, how to stop. */
export function welcome(facts: WelcomeFacts): string {
  const { httpsPort, fingerprint, openingKey } = facts;
  const box = boxKeyHash(facts.boxKey);
  const url = (host: string): string =>
    linkFor(`https://${host}:${httpsPort}`, { kind: 'box', box, openingKey });
  const missing = facts.missing.join(', ');
  const state = missing
    ? `Parley is running without: ${missing}. The log says why; it is tried again.`
    : 'Parley is running.';
  const lines = ['', state, '', `  On this machine   ${url('localhost')}`];
  const lan = facts.addresses
    .toSorted(byUse)
    .map(({ ip, family }) => url(family === 6 ? `[${ip}]` : ip));
  for (const [index, one] of lan.entries()) {
    lines.push(`  ${index === 0 ? 'In the network    ' : '                  '}${one}`);
  }
  if (lan[0] !== undefined) lines.push('', qrText(lan[0], facts.colours));
  // As much as people compare; the browser's certificate view begins with the same pairs.
  const start = fingerprint.split(':').slice(0, 8).join(':');
  lines.push(
    '',
    'Your browser will show a warning: this box is not on the internet, so nobody vouches for it.',
    `Its certificate (SHA-256) begins with ${start}`,
    '',
    'Press Ctrl-C to stop.',
    '',
  );
  return lines.join('\n');
}

/** IPv4 first, and bridges of containers last: no phone reaches those. */
function byUse(a: Address, b: Address): number {
  const rank = ({ family, onInterface }: Address): number =>
    (family === 6 ? 1 : 0) +
    (/^(docker|br-|veth|virbr|lxc|podman|tun|wg)/.test(onInterface) ? 2 : 0);
  return rank(a) - rank(b);
}
