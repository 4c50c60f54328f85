import type { RoomReplica } from '#protocol/admit/replica.ts';
import { readContent, type Content } from '#protocol/content/bodies.ts';
import { boardOf, type BoardBatch } from '#protocol/content/board-fold.ts';
import { fold, type Line, type Utterance } from '#protocol/content/fold.ts';
import { readVcard } from '#protocol/content/vcard.ts';
import { openMessage } from '#protocol/crypto/message-seal.ts';
import { openProfile } from '#protocol/crypto/profile-seal.ts';
import type { KeyRing } from '#protocol/keys/key-ring.ts';
import type { Op } from '#protocol/state/op.ts';
import type { CallMark } from './calls/call-log.ts';

/** A name that a member gave itself. */
export interface OwnName {
  name: string;
  /** The member's own claim; it decides only between names of one and the same member. */
  atMs: number;
  /** The device that said it. */
  device: string;
  /** Who holds its key can read the name. */
  epoch: string;
}

/** The body of a `mission-names` message, and the epoch under which it was said. */
export type CharterClaim = Extract<Content, { t: 'mission-names' }>['b'] & { epoch: string };

/** Everything that a room says, opened as far as its keys go. */
export interface Transcript {
  lines: readonly Line[];
  /** By member. */
  names: ReadonlyMap<string, OwnName>;
  /** What claims to be the charter's names; whoever uses one checks it against the charter. */
  charters: readonly CharterClaim[];
  /** Starts and ends of calls, in display order. */
  calls: readonly CallMark[];
  /** What was drawn on the conversation's board. */
  boards: readonly BoardBatch[];
  title?: string;
}

type Opened = Utterance | 'void';

/** Opens a room's messages, each once, and folds them into what is shown. */
export class Reader {
  readonly #replica: RoomReplica;
  readonly #ring: KeyRing;
  readonly #isKept: (op: Op) => boolean;
  readonly #opened = new Map<string, Opened>();
  #last: { at: string; value: Transcript } | undefined;

  /** `isKept` says of a commit whether it is on disk: nothing else may be shown (S49). */
  constructor(replica: RoomReplica, ring: KeyRing, isKept: (op: Op) => boolean) {
    this.#replica = replica;
    this.#ring = ring;
    this.#isKept = isKept;
  }

  /** The same object until commits or keys were added. */
  read(): Transcript {
    const replica = this.#replica;
    const kept = replica.heads.filter((op) => this.#isKept(op)).length;
    const keys = this.#ring.held.length;
    const at = [replica.size, replica.mission?.size ?? 0, keys, kept].join(' ');
    if (this.#last?.at === at) return this.#last.value;
    const value = this.#read();
    this.#last = { at, value };
    return value;
  }

  /** The reaction that a member gave to a message and did not take back. */
  reactionOf(target: string, member: string, emoji: string): string | undefined {
    const opened = [...this.#opened.values()].filter((one) => one !== 'void');
    const takenBack = new Set(
      opened.flatMap(({ author, content }) =>
        author === member && content.t === 'delete' ? [content.b.of] : [],
      ),
    );
    return opened.find(
      ({ author, content, sid }) =>
        author === member &&
        content.t === 'reaction' &&
        content.b.to === target &&
        content.b.body === emoji &&
        !takenBack.has(sid),
    )?.sid;
  }

  #read(): Transcript {
    const replica = this.#replica;
    const opened = replica.order().shown.flatMap((op) => {
      const isShown = op.envelope.k === 'msg' && this.#isKept(op);
      const utterance = isShown ? this.#open(op) : 'void';
      return utterance === 'void' ? [] : [utterance];
    });
    const precedes = (earlier: string, later: string): boolean => {
      const [a, b] = [replica.op(earlier), replica.op(later)];
      return a !== undefined && b !== undefined && replica.saw(b, a);
    };
    const names = new Map<string, OwnName>();
    const charters: CharterClaim[] = [];
    for (const { author, atMs, content, sid } of opened) {
      const epoch = replica.op(sid)?.envelope.e ?? '';
      if (content.t === 'mission-names') charters.push({ ...content.b, epoch });
      if (content.t !== 'member-profile' || atMs < (names.get(author)?.atMs ?? 0)) continue;
      const device = replica.op(sid)?.author.device ?? '';
      names.set(author, { name: content.b.name, atMs, device, epoch });
    }
    const title = this.#title();
    const board = boardOf(replica.cid ?? '');
    return {
      lines: fold(opened, precedes),
      names,
      charters,
      calls: opened.flatMap((one) => this.#callMark(one) ?? []),
      boards: opened.flatMap(({ content, l, sid }) =>
        content.t === 'board' && content.b.id === board ? [{ l, sid, ops: content.b.ops }] : [],
      ),
      ...(title !== undefined && { title }),
    };
  }

  #callMark({ author, atMs, content, sid }: Utterance): CallMark | undefined {
    if (content.t !== 'call-start' && content.t !== 'call-end') return undefined;
    const { conf, dev } = content.b;
    const device = this.#replica.op(sid)?.envelope.d;
    // Only the device itself starts and ends its calls.
    if (device !== dev) return undefined;
    const mark = { sid, t: content.t, conf, device, author, atMs };
    if (content.t === 'call-start') return mark;
    const { ms, why } = content.b;
    return { ...mark, ms, ...(why !== undefined && { why }) };
  }

  #open(op: Op): Opened {
    const known = this.#opened.get(op.sid);
    if (known) return known;
    const { author, envelope, sid } = op;
    const commit = this.#replica.commit(sid);
    const key = this.#ring.key(envelope.e ?? '');
    const place = { sid, l: envelope.l, author: author.member };
    // Not remembered: the key may still come.
    if (!key) return { ...place, atMs: (commit?.seconds ?? 0) * 1000, content: { t: 'locked' } };
    const opened = openMessage(key, envelope, commit?.sealed ?? new Uint8Array());
    const content = opened.ok ? readContent(opened.value.t, opened.value.b) : undefined;
    const value: Opened =
      opened.ok && content ? { ...place, atMs: opened.value.m, content } : 'void';
    this.#opened.set(sid, value);
    return value;
  }

  /** Of concurrent profiles the one with the highest sid (Resolve, step 7). */
  #title(): string | undefined {
    if (this.#replica.size === 0) return undefined;
    const { profiles } = this.#replica.view().state;
    const newest = profiles.toSorted((a, b) => (a.by < b.by ? 1 : -1))[0];
    const key = newest && this.#ring.key(newest.epoch);
    const opened = key && openProfile(key, newest.blob.object.body);
    return opened?.ok ? readVcard(opened.value)?.title : undefined;
  }
}
