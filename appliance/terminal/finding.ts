import type { ConversationView, MessageView } from '#client/model.ts';
import type { Device } from './device.ts';
import { Stop } from './stop.ts';

/** Shortest beginning of an id that is taken for it. */
const shortest = 4;

/** The one of `all` that a word means: by its whole id, by its name, or by the beginning of its id. */
export function meant<T>(
  what: string,
  word: string,
  all: readonly T[],
  idOf: (one: T) => string,
  nameOf: (one: T) => string = idOf,
): T {
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  const named = all.filter((one) => idOf(one) === word || same(nameOf(one), word));
  const begun = word.length < shortest ? [] : all.filter((one) => idOf(one).startsWith(word));
  const found = named.length > 0 ? named : begun;
  if (found.length === 1 && found[0] !== undefined) return found[0];
  if (found.length > 1) throw new Stop(`"${word}" could be ${found.length} ${what}s: use the id.`);
  throw new Stop(`There is no ${what} "${word}" here. See the command list.`);
}

/** The conversation with this title or id. */
export function conversationOf({ mission }: Device, word: string): ConversationView {
  return meant(
    'conversation',
    word,
    mission.conversations,
    ({ cid }) => cid,
    ({ title }) => title,
  );
}

/** The message with this id, anywhere. */
export function messageOf(device: Device, word: string): { cid: string; message: MessageView } {
  const all = device.mission.conversations.flatMap(({ cid }) =>
    device.client.messages(cid).map((message) => ({ cid, message })),
  );
  return meant('message', word, all, ({ message }) => message.sid);
}
