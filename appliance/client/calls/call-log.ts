import type { CallNote } from '../model.ts';

/** A `call-start` or `call-end` as a room's log has it (§7.4). */
export interface CallMark {
  sid: string;
  t: 'call-start' | 'call-end';
  conf: string;
  /** The device that wrote it; a mark that names another device as its own is none. */
  device: string;
  /** Its member. */
  author: string;
  atMs: number;
  /** Of an end: how long it was, and why it ended if nobody talked. */
  ms?: number;
  why?: string;
}

/**
 * The conferences that are on: started, not ended by the same device, and the host's device may
 * still be here. So who is removed cannot keep a call open, and nobody ends another's call.
 */
export function ongoing(
  marks: readonly CallMark[],
  isHere: (device: string) => boolean,
): CallMark[] {
  return marks.filter(
    (mark) => mark.t === 'call-start' && isHere(mark.device) && !endOf(marks, mark),
  );
}

/** What the log says of each call: by the message that stands for it. */
export function callNotes(
  marks: readonly CallMark[],
  isHere: (device: string) => boolean,
): ReadonlyMap<string, CallNote> {
  const on = new Set(ongoing(marks, isHere).map(({ sid }) => sid));
  const notes = new Map<string, CallNote>();
  for (const mark of marks) {
    if (mark.t === 'call-start') {
      const end = endOf(marks, mark);
      notes.set(mark.sid, {
        kind: 'conference',
        state: on.has(mark.sid) ? 'on' : 'ended',
        ...(end?.ms !== undefined && { durationMs: end.ms }),
      });
    } else if (!marks.some((one) => one.t === 'call-start' && isOf(mark, one))) {
      const state = stateOf(mark.why);
      notes.set(mark.sid, {
        kind: 'one-to-one',
        state,
        ...(state === 'ended' && { durationMs: mark.ms ?? 0 }),
      });
    }
  }
  return notes;
}

function endOf(marks: readonly CallMark[], start: CallMark): CallMark | undefined {
  return marks.find((one) => one.t === 'call-end' && isOf(one, start));
}

function isOf(end: CallMark, start: CallMark): boolean {
  return end.conf === start.conf && end.device === start.device;
}

function stateOf(why: string | undefined): CallNote['state'] {
  switch (why) {
    case undefined:
      return 'ended';
    case 'declined':
    case 'busy':
      return why;
    default:
      return 'no-answer';
  }
}
