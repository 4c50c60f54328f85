import { ipv4Bits } from './addresses.ts';
import type { PortRange } from './messages.ts';

/** An address of this machine and the mask of its network, both dotted IPv4. */
export interface OwnAddress {
  address: string;
  netmask: string;
}

/** Networks that no peer of a call is in: [first address, prefix length]. */
const NEVER = (
  [
    ['0.0.0.0', 8], // "this network", reaches the machine itself on Linux
    ['127.0.0.0', 8], // loopback: the box's services that trust the machine
    ['169.254.0.0', 16], // link-local: configuration services
    ['224.0.0.0', 4], // multicast: one datagram in, many out
    ['240.0.0.0', 4], // reserved, and limited broadcast
  ] as const
).map(([address, prefix]) => ({ bits: ipv4Bits(address), mask: maskOf(prefix) }));

/**
 * Where relayed media may go: never to the machine itself except to open port ranges,
 * never to groups. Otherwise a relay would be a way around every firewall before it.
 */
export class PeerPolicy {
  readonly #own: () => readonly OwnAddress[];
  readonly #openPorts: readonly PortRange[];

  /** `own` is asked each time, because interfaces come and go. */
  constructor(own: () => readonly OwnAddress[], openPorts: readonly PortRange[]) {
    this.#own = own;
    this.#openPorts = openPorts;
  }

  /** May a permission for this address exist? Its ports are still checked one by one. */
  mayPermit(address: string): boolean {
    const bits = ipv4Bits(address);
    if (Number.isNaN(bits) || NEVER.some((net) => isIn(bits, net.bits, net.mask))) return false;
    return !this.#own().some((own) => isGroupOf(bits, own));
  }

  /** May a datagram go to this address and port? */
  mayReach(address: string, port: number): boolean {
    if (port === 0 || !this.mayPermit(address)) return false;
    const isOwn = this.#own().some((own) => own.address === address);
    return !isOwn || this.#openPorts.some(({ from, to }) => port >= from && port <= to);
  }
}

function maskOf(prefix: number): number {
  return (0xffffffff << (32 - prefix)) >>> 0;
}

function isIn(bits: number, net: number, mask: number): boolean {
  return (bits & mask) >>> 0 === (net & mask) >>> 0;
}

/** Is this the network or broadcast address of one of our networks? Networks of two or one have none. */
function isGroupOf(bits: number, own: OwnAddress): boolean {
  const mask = ipv4Bits(own.netmask) >>> 0;
  const host = ~mask >>> 0;
  if (host < 3 || !isIn(bits, ipv4Bits(own.address), mask)) return false;
  const rest = (bits & host) >>> 0;
  return rest === 0 || rest === host;
}
