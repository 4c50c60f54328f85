import type { TcpLimits } from './tcp-clients.ts';

/** A closed range of ports. */
export interface PortRange {
  from: number;
  to: number;
}

/** Everything the relay process is told; it reads no file and no environment. */
export interface RelaySettings {
  /** Addresses to listen and relay on, IPv4. */
  addresses: readonly string[];
  port: number;
  relayPorts: PortRange;
  /** Ports of the box's own addresses that may be relayed to: relayed media of others, and the SFU. */
  openPorts: readonly PortRange[];
  realm: string;
  /** Its characters are the key that checks credentials. */
  secret: string;
  allocationsPerDeviceCount: number;
  allocationSeconds: number;
  maxAllocationSeconds: number;
  /** What one allocation may relay, both directions together. */
  bytesPerSecond: number;
  tcp: TcpLimits;
}

/** From the box to the relay process. */
export type ToRelay = { start: RelaySettings } | { ping: true };

/** From the relay process to the box. */
export type FromRelay = { ready: { port: number } } | { failed: string } | { allocations: number };
