import type { RelayConfig } from './config.ts';
import { REALM } from './issuer.ts';

/** Networks that no peer of a call is in; the same as in process/peer-policy.ts. */
const NEVER = [
  '0.0.0.0-0.255.255.255',
  '127.0.0.0-127.255.255.255',
  '169.254.0.0-169.254.255.255',
  '224.0.0.0-255.255.255.255',
];

/** What differs from run to run. */
export interface CoturnRun {
  secret: string;
  addresses: readonly string[];
  port: number;
  /** Path of its database, which holds nothing. */
  database: string;
}

/** coturn's config file: one listener for UDP and TCP, credentials by secret, and nothing else. */
export function coturnSettings(
  config: RelayConfig,
  { secret, addresses, port, database }: CoturnRun,
): string {
  const lines = [
    `listening-port=${port}`,
    ...addresses.flatMap((address) => [`listening-ip=${address}`, `relay-ip=${address}`]),
    `min-port=${config.relayMinPort}`,
    `max-port=${config.relayMaxPort}`,
    `realm=${REALM}`,
    'use-auth-secret',
    `static-auth-secret=${secret}`,
    `user-quota=${config.allocationsPerDeviceCount}`,
    `max-allocate-lifetime=${config.maxAllocationSeconds}`,
    `max-bps=${config.allocationBytesPerSecond}`,
    'stale-nonce=3600',
    'fingerprint',
    ...NEVER.map((range) => `denied-peer-ip=${range}`),
    ...['no-multicast-peers', 'no-tcp-relay', 'no-tls', 'no-dtls', 'no-rfc5780'],
    // No command line for everybody on this machine, and no files elsewhere.
    ...['no-cli', `userdb=${database}`, 'pidfile=/dev/null', 'log-file=stdout', 'simple-log'],
  ];
  return `${lines.join('\n')}\n`;
}
