import type { MessageView } from '#client/model.ts';
import type { Scene } from './scripted-client.ts';

/** One file, one call, a text in Arabic, and a message without its key, which nobody may find. */
const added: readonly Partial<MessageView>[] = [
  {
    kind: 'file',
    name: 'Leila',
    slot: 2,
    text: 'Brücke bei Mill Road.jpg',
    file: {
      sid: 's0',
      name: 'Brücke bei Mill Road.jpg',
      sizeBytes: 3_000_000,
      state: 'offered',
      doneBytes: 0,
    },
  },
  { kind: 'call', name: 'Sara', call: { kind: 'one-to-one', state: 'no-answer', person: 'Noor' } },
  { name: 'Tomas', slot: 1, text: 'الـمَـاءُ يصل غدًا إلى المدرسة' },
  { kind: 'locked', name: 'Tomas', slot: 1, text: 'bridge' },
];

/** Scenes of the search, and of a conversation that a hit opened. */
export function searchScenes(
  inMission: (route: string) => Scene,
  log: readonly MessageView[],
  long: readonly MessageView[],
): Record<string, Scene> {
  const found = added.flatMap((change, at) =>
    log.slice(1, 2).map((message) => ({
      ...message,
      author: change.name ?? '',
      ...change,
      sid: `s${at}`,
    })),
  );
  const messages = { all: [...log, ...found], water: long };
  return {
    search: { ...inMission('/search'), messages },
    'search-in': { ...inMission('/search/all'), messages },
    'chat-at': { ...inMission('/chats/water/at/l700'), messages },
  };
}
