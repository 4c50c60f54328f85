import { pseudonymOf } from '../credentials.ts';
import type { Peer } from './addresses.ts';
import type { Allocation, Allocations } from './allocations.ts';
import type { RelaySettings } from './messages.ts';

/** Peers of one allocation; a call has a handful, a scan of the network has thousands. */
const MAX_PEERS = 64;

/** An authenticated request, or the answer to it, as the library has them. */
export interface TurnMessage {
  readonly transactionID: string;
  readonly transport: { get5Tuple(): string };
  readonly user: { username: string } | null;
  readonly allocation: unknown;
  getAttribute(name: string): unknown;
  getAttributes(name: string): unknown[];
  addAttribute(name: string, value?: unknown): void;
  resolve(): void;
  reject(code: number, reason: string): void;
  discard(): void;
}

/** Answers a request; `next` lets the library do it. */
export type TurnHandler = (request: TurnMessage, reply: TurnMessage, next: () => void) => void;

/** What stands before or in place of the library's own answers, by its names of the methods. */
export function turnHandlers(
  settings: Pick<RelaySettings, 'allocationSeconds' | 'maxAllocationSeconds'>,
  allocations: Allocations,
): Record<'allocate' | 'refresh' | 'create_permission' | 'channel_bind', TurnHandler> {
  return {
    allocate(request, reply, next) {
      const fiveTuple = request.transport.get5Tuple();
      const open = allocations.get(fiveTuple);
      if (open) return repeatAnswer(open, request, reply);
      const device = pseudonymOf(request.user?.username ?? '', Date.now());
      const place = device === undefined ? 'full' : allocations.reserve(fiveTuple, device);
      if (place === 'busy') return reply.discard();
      if (place === 'full') return reply.reject(486, 'Allocation Quota Reached');
      const reject = reply.reject.bind(reply);
      reply.reject = (code, reason) => {
        allocations.release(fiveTuple);
        reject(code, reason);
      };
      next();
    },

    refresh(request, reply) {
      const wanted = Number(request.getAttribute('lifetime') ?? settings.allocationSeconds);
      const least = Math.max(wanted, settings.allocationSeconds);
      const lifetime = wanted === 0 ? 0 : Math.min(least, settings.maxAllocationSeconds);
      if (lifetime === 0) allocations.end(request.transport.get5Tuple());
      else (request.allocation as Allocation).update(lifetime);
      reply.addAttribute('lifetime', lifetime);
      reply.addAttribute('message-integrity');
      reply.resolve();
    },

    create_permission(request, reply, next) {
      const { permissions } = request.allocation as Allocation;
      for (const [address, expiry] of Object.entries(permissions)) {
        if (expiry < Date.now()) delete permissions[address];
      }
      const asked = request.getAttributes('xor-peer-address') as Peer[];
      const peers = new Set([...Object.keys(permissions), ...asked.map(({ address }) => address)]);
      if (peers.size > MAX_PEERS) reply.reject(508, 'Insufficient Capacity');
      else next();
    },

    channel_bind(request, reply, next) {
      const { channelBindings } = request.allocation as Allocation;
      const isNew = channelBindings[Number(request.getAttribute('channel-number'))] === undefined;
      if (isNew && Object.keys(channelBindings).length >= MAX_PEERS) {
        return reply.reject(508, 'Insufficient Capacity');
      }
      // The library forgets to sign this answer, and browsers then ignore it.
      const resolve = reply.resolve.bind(reply);
      reply.resolve = () => {
        reply.addAttribute('message-integrity');
        resolve();
      };
      next();
    },
  };
}

/** The same request again is answered as before; the library would end the allocation instead. */
function repeatAnswer(open: Allocation, request: TurnMessage, reply: TurnMessage): void {
  if (open.transactionID !== request.transactionID) {
    return reply.reject(437, 'Allocation Mismatch');
  }
  reply.addAttribute('xor-relayed-address', open.relayedTransportAddress);
  reply.addAttribute('lifetime', open.lifetime);
  reply.addAttribute('xor-mapped-address', open.mappedAddress);
  reply.addAttribute('message-integrity');
  reply.resolve();
}
