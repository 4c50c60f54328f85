import { randomBytes } from 'node:crypto';
import { xorAddress, type Peer } from './addresses.ts';
import type { Allocation } from './allocations.ts';
import type { PeerPolicy } from './peer-policy.ts';
import { ATTRIBUTE, encodeStun } from './stun.ts';

/** Method of a Data indication (RFC 8656 §17). */
const DATA = 7;
const CHANNEL_HEADER_BYTES = 4;

/** What a client wants to send to a peer. */
export interface Outgoing {
  peer: Peer;
  data: Buffer;
}

/** Are these the first bits of ChannelData (RFC 8656 §12.4)? */
export function isChannelData(datagram: Buffer): boolean {
  return ((datagram[0] ?? 0) & 0xc0) === 0x40;
}

/** The peer and payload of ChannelData; undefined when the channel is not bound or the length is wrong. */
export function readChannelData(allocation: Allocation, datagram: Buffer): Outgoing | undefined {
  if (datagram.length < CHANNEL_HEADER_BYTES) return undefined;
  const peer = allocation.channelBindings[datagram.readUInt16BE(0)];
  const end = CHANNEL_HEADER_BYTES + datagram.readUInt16BE(2);
  if (!peer || end > datagram.length) return undefined;
  return { peer, data: datagram.subarray(CHANNEL_HEADER_BYTES, end) };
}

/** From the client to a peer, if there is a permission and the policy still allows it. */
export function sendToPeer(
  allocation: Allocation,
  policy: PeerPolicy,
  { peer, data }: Outgoing,
): void {
  if (!isPermitted(allocation, peer) || !policy.mayReach(peer.address, peer.port)) return;
  allocation.sockets[0]?.send(data, peer);
}

/** From a peer to the client: by channel where one is bound, else as a Data indication. */
export function sendToClient(
  allocation: Allocation,
  policy: PeerPolicy,
  data: Buffer,
  from: Peer,
): void {
  if (!isPermitted(allocation, from) || !policy.mayReach(from.address, from.port)) return;
  const channel = Object.entries(allocation.channelBindings).find(
    ([, peer]) => peer.address === from.address && peer.port === from.port,
  )?.[0];
  const datagram =
    channel === undefined ? indication(data, from) : channelData(Number(channel), data);
  const { socket, dst } = allocation.transport;
  socket.send(datagram, dst.port, dst.address, () => {});
}

function isPermitted({ permissions }: Allocation, { address }: Peer): boolean {
  return (permissions[address] ?? 0) >= Date.now();
}

function channelData(channel: number, data: Buffer): Buffer {
  const header = Buffer.alloc(CHANNEL_HEADER_BYTES);
  header.writeUInt16BE(channel, 0);
  header.writeUInt16BE(data.length, 2);
  return Buffer.concat([header, data]);
}

function indication(data: Buffer, from: Peer): Buffer {
  return encodeStun({
    kind: 1,
    method: DATA,
    transaction: randomBytes(12),
    attributes: [
      { type: ATTRIBUTE.xorPeerAddress, value: xorAddress(from) },
      { type: ATTRIBUTE.data, value: data },
    ],
  });
}
