import type { MessageView } from '#client/model.ts';
import { dayOf } from '../language/time.ts';

/** One line of the log, as it is drawn. */
export type LogLine =
  | { kind: 'day'; key: string; atMs: number }
  | { kind: 'new'; key: string }
  /** Band over messages that arrived late; `name` if all are of one person. */
  | { kind: 'late'; key: string; name?: string }
  | { kind: 'message'; key: string; message: MessageView; isRunStart: boolean; isRunEnd: boolean };

/** Messages drawn at once; a log of years must not cost a phone its memory. */
export const windowLines = 150;

/** Which messages are drawn: `count` of them, up to `until`; without it up to the newest. */
export interface LogWindow {
  count: number;
  until?: number;
}

/** The window with the message in its middle, or the newest messages where it is not. */
export function windowAt(messages: readonly MessageView[], sid: string | undefined): LogWindow {
  const at = sid === undefined ? -1 : messages.findIndex((message) => message.sid === sid);
  if (at === -1) return { count: windowLines };
  return newerBy({ count: windowLines / 2, until: at }, windowLines / 2, messages.length);
}

/** A window that reaches so many messages further towards the newest of `length`. */
export function newerBy({ count, until = 0 }: LogWindow, by: number, length: number): LogWindow {
  if (until + by >= length) return { count: count + length - until };
  return { count: count + by, until: until + by };
}

/** The messages in a window. */
export function drawnIn(
  messages: readonly MessageView[],
  { count, until = messages.length }: LogWindow,
): readonly MessageView[] {
  return messages.slice(Math.max(0, until - count), until);
}

/**
 * Puts day marks, the mark of new messages and late bands between messages.
 * Messages come oldest first in display order; `newFrom` is the first unread one.
 */
export function logLines(
  messages: readonly MessageView[],
  newFrom: string | undefined,
): readonly LogLine[] {
  const lines: LogLine[] = [];
  let day: number | undefined;
  messages.forEach((message, at) => {
    const before = messages[at - 1];
    const after = messages[at + 1];
    // A late message keeps the day of its place; a day mark inside the band would confuse.
    if (!message.isLate && dayOf(message.atMs) !== day) {
      day = dayOf(message.atMs);
      lines.push({ kind: 'day', key: `day ${message.sid}`, atMs: message.atMs });
    }
    if (message.sid === newFrom) lines.push({ kind: 'new', key: 'new' });
    const startsLate = message.isLate && !message.isMine && !before?.isLate;
    if (startsLate) lines.push(lateBand(messages, at));
    lines.push({
      kind: 'message',
      key: message.sid,
      message,
      isRunStart: !isRun(before, message) || startsLate || message.sid === newFrom,
      isRunEnd: !isRun(message, after),
    });
  });
  return lines;
}

function isRun(first: MessageView | undefined, second: MessageView | undefined): boolean {
  return (
    first !== undefined &&
    second !== undefined &&
    first.kind !== 'event' &&
    second.kind !== 'event' &&
    first.author === second.author &&
    first.isLate === second.isLate &&
    dayOf(first.atMs) === dayOf(second.atMs)
  );
}

function lateBand(messages: readonly MessageView[], from: number): LogLine {
  const end = messages.findIndex((message, at) => at > from && !message.isLate);
  const band = messages.slice(from, end === -1 ? undefined : end);
  const [first] = band;
  const isOne = band.every(({ author }) => author === first?.author);
  const key = `late ${first?.sid ?? ''}`;
  return isOne && first?.name ? { kind: 'late', key, name: first.name } : { kind: 'late', key };
}

/** The oldest unread message of others, when `unread` of them are not read. */
export function firstUnread(messages: readonly MessageView[], unread: number): string | undefined {
  if (unread <= 0) return undefined;
  const others = messages.filter(({ isMine, kind }) => !isMine && kind !== 'event');
  return others[Math.max(0, others.length - unread)]?.sid;
}
