import type { Topics } from './access.ts';
import type { Mailboxes } from './mailboxes.ts';
import { isKept } from './topics.ts';

interface Owner {
  id: string;
}

interface KeptPacket {
  topic: string;
  payload: Uint8Array | string;
  messageId?: number | undefined;
}

/** The methods of the library's in-memory store through which sessions grow. */
export interface SessionStore {
  addSubscriptions(client: Owner, subscriptions: { topic: string }[]): Promise<void>;
  cleanSubscriptions(client: Owner): Promise<void>;
  outgoingEnqueueCombi(subscriptions: { clientId: string }[], packet: KeptPacket): Promise<void>;
  outgoingUpdate(client: Owner, packet: KeptPacket): Promise<void>;
  outgoingClearMessageId(client: Owner, packet: KeptPacket): Promise<KeptPacket | undefined>;
  outgoingStream(client: Owner): AsyncIterable<KeptPacket>;
}

/** What a kept packet costs besides its payload: topic, objects, lists. */
const OVERHEAD_BYTES = 512;

function costOf(packet: KeptPacket): number {
  return OVERHEAD_BYTES + packet.payload.length;
}

/**
 * Bounds a store in place: only allowed filters are remembered (the library would
 * keep the refused ones of the same request too), only mailboxes wait for a device
 * that is away, and they wait within limits. Returns what forgets one device.
 */
export function boundStore(
  store: SessionStore,
  topics: Topics,
  mailboxes: Mailboxes,
): (device: string) => Promise<void> {
  const add = store.addSubscriptions.bind(store);
  const enqueue = store.outgoingEnqueueCombi.bind(store);
  const update = store.outgoingUpdate.bind(store);
  const clear = store.outgoingClearMessageId.bind(store);

  const remove: typeof clear = async (client, packet) => {
    const removed = await clear(client, packet);
    if (removed) mailboxes.give(client.id, removed.topic, costOf(removed));
    return removed;
  };

  store.addSubscriptions = (client, subscriptions) =>
    add(
      client,
      subscriptions.filter(({ topic }) => topics.mayFilter(client.id, topic)),
    );
  store.outgoingEnqueueCombi = (subscriptions, packet) => {
    const kept = subscriptions.filter(
      ({ clientId }) =>
        isKept(packet.topic) &&
        topics.mayReceive(clientId, packet.topic) &&
        mailboxes.take(clientId, packet.topic, costOf(packet)),
    );
    return enqueue(kept, packet);
  };
  // A message that found no room is still delivered to a device that is there; the
  // library would cut that device instead, so anybody could cut anybody by flooding.
  store.outgoingUpdate = (client, packet) => update(client, packet).catch(() => {});
  // Without a number it would take the first message that has none yet: another one.
  store.outgoingClearMessageId = async (client, packet) =>
    packet.messageId === undefined ? undefined : remove(client, packet);

  return async (device) => {
    const owner = { id: device };
    await store.cleanSubscriptions(owner);
    for await (const packet of store.outgoingStream(owner)) await remove(owner, packet);
  };
}
