import type { Address } from '#kernel/addresses.ts';
import { qrText } from '#kernel/qr-code.ts';
import { concat, u8 } from '#protocol/codec/bytes.ts';
import { H32 } from '#protocol/codec/hash.ts';
import { toB64u } from '#protocol/codec/text-form.ts';

/** What a person at the console needs to know once the box runs. */
export interface WelcomeFacts {
  boxKey: Uint8Array;
  /** Reachable addresses; empty where the box listens for this machine only. */
  addresses: readonly Address[];
  httpsPort: number;
  /** SHA-256 of the certificate as browsers show it. */
  fingerprint: string;
  /** Whether the output understands colours. */
  colours: boolean;
}

/** The text printed at the start: addresses, QR code, start of the fingerprint, how to stop. */
export function welcome(facts: WelcomeFacts): string {
  const { httpsPort, fingerprint } = facts;
  const fragment = `#/j/${boxCode(facts.boxKey)}`;
  const url = (host: string): string => `https://${host}:${httpsPort}/${fragment}`;
  const lines = ['', 'Parley is running.', '', `  On this machine   ${url('localhost')}`];
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

/** Join code of the box: version 1, kind 0, hash of the box key (protocol README, "Join codes"). */
function boxCode(boxKey: Uint8Array): string {
  return toB64u(concat(u8(1), u8(0), H32('box-key', boxKey)));
}

/** IPv4 first, and bridges of containers last: no phone reaches those. */
function byUse(a: Address, b: Address): number {
  const rank = ({ family, onInterface }: Address): number =>
    (family === 6 ? 1 : 0) +
    (/^(docker|br-|veth|virbr|lxc|podman|tun|wg)/.test(onInterface) ? 2 : 0);
  return rank(a) - rank(b);
}
