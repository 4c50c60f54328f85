import type { ConversationView, MessageView } from '#client/model.ts';
import type { Device } from './device.ts';

/** Remembers what was printed of each message, and prints what is new, as JSON lines. */
export class Printer {
  readonly #device: Device;
  readonly #write: (line: object) => void;
  readonly #known = new Map<string, string>();
  readonly #seen = new Map<string, readonly MessageView[]>();

  constructor(device: Device, write: (line: object) => void) {
    this.#device = device;
    this.#write = write;
  }

  /** Takes the messages for printed that `wasPrinted` names. */
  skip({ cid }: ConversationView, wasPrinted: (message: MessageView) => boolean): void {
    for (const message of this.#device.client.messages(cid)) {
      if (wasPrinted(message)) this.#known.set(message.sid, stateOf(message));
    }
  }

  /** Ids of the messages that were printed now. */
  print(room: ConversationView): string[] {
    const messages = this.#device.client.messages(room.cid);
    if (this.#seen.get(room.cid) === messages) return [];
    this.#seen.set(room.cid, messages);
    return messages.filter((message) => this.#printOne(room, message)).map(({ sid }) => sid);
  }

  #printOne(room: ConversationView, message: MessageView): boolean {
    // A file on its way is no message yet, and what cannot be opened may be later.
    if (message.kind === 'locked' || message.file?.state === 'uploading') return false;
    const [before, now] = [this.#known.get(message.sid), stateOf(message)];
    if (before === now) return false;
    this.#known.set(message.sid, now);
    const event = before === undefined ? 'message' : message.isDeleted ? 'deleted' : 'edited';
    this.#write(this.#line(event, room, message));
    return true;
  }

  #line(event: string, { cid, title }: ConversationView, message: MessageView): object {
    const { author, file, isLate, isMine, kind, name, reply, sid, slot, text } = message;
    return {
      event,
      conversation: cid,
      title,
      id: sid,
      kind,
      author,
      ...(name !== undefined && { name }),
      party: this.#device.mission.charter.parties[slot]?.code ?? '',
      mine: isMine,
      text,
      at: new Date(message.atMs).toISOString(),
      ...(isLate && { late: true }),
      ...(reply && { reply: reply.sid }),
      ...(file && { file: { name: file.name, bytes: file.sizeBytes } }),
    };
  }
}

function stateOf({ isDeleted, text, kind }: MessageView): string {
  // The words of an event change with the names of people; that is no edit.
  if (kind !== 'text' && kind !== 'file') return kind;
  return isDeleted ? 'deleted' : `text ${text}`;
}
