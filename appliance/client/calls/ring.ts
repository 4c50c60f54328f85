/**
 * A one-to-one call on one device as a pure machine: what is known, what happened, what to do.
 * The caller rings all devices of the callee; the first that accepts has the call.
 */

/** Where a call stands; `over` never changes again. */
export type Phase = 'ringing' | 'connecting' | 'on' | 'lost' | 'over';

/** Why a call is over. */
export type End = 'hangup' | 'declined' | 'busy' | 'no-answer' | 'elsewhere' | 'lost' | 'removed';

/** Everything that a device knows about one call. */
export interface Ring {
  readonly id: string;
  /** Whether this device rang or is rung. */
  readonly role: 'caller' | 'callee';
  readonly phase: Phase;
  /** Devices of the other person that ring, or the one that called. */
  readonly ringing: readonly string[];
  /** The one device at the other end, as soon as that is settled. */
  readonly peer?: string;
  readonly end?: End;
}

/** What is said without a description of media. */
export type Said = 'accept' | 'answered' | 'decline' | 'busy' | 'hangup';

/** What other devices say; `from` has been verified. */
export type Told = Said | 'offer' | 'answer';

/** What can happen to a call. */
export type Happening =
  | { what: 'told'; from: string; t: Told; sdp?: string }
  /** This person accepts, refuses or hangs up. */
  | { what: 'take' | 'refuse' | 'leave' }
  /** The way between the two: media flows, has stopped, cannot be had. */
  | { what: 'up' | 'down' | 'dead' }
  /** The time of the present phase is over. */
  | { what: 'late' }
  /** One of the two may not take part any more. */
  | { what: 'removed' };

/** What to do about it, in this order. */
export type Deed =
  | { do: 'say'; to: readonly string[]; t: Said; why?: End }
  /** Open the way as the side that offers. */
  | { do: 'offer' }
  /** Make a new offer with fresh addresses for the way there is. */
  | { do: 'restart' }
  /** Answer the offer, or take the answer: both certainly of the device at the other end. */
  | { do: 'take-offer' | 'take-answer'; sdp: string }
  | { do: 'close' };

/** The call as it is now, and what to do. */
export interface Step {
  ring: Ring;
  deeds: readonly Deed[];
}

/** How long each phase may last, milliseconds. */
export const patienceMs: Readonly<Record<Phase, number>> = {
  ringing: 60_000,
  connecting: 30_000,
  on: Number.POSITIVE_INFINITY,
  lost: 45_000,
  over: Number.POSITIVE_INFINITY,
};

/** A call that this device makes. */
export function outgoing(id: string, devices: readonly string[]): Ring {
  return { id, role: 'caller', phase: 'ringing', ringing: devices };
}

/** A call that rings here, from the device `from`. */
export function incoming(id: string, from: string): Ring {
  return { id, role: 'callee', phase: 'ringing', ringing: [from], peer: from };
}

/** Nothing that happens is a mistake: what does not fit changes nothing. */
export function step(ring: Ring, happening: Happening): Step {
  if (ring.phase === 'over') return { ring, deeds: afterwards(ring, happening) };
  switch (happening.what) {
    case 'told':
      return told(ring, happening.from, happening.t, happening.sdp ?? '');
    case 'take':
      return ring.role === 'callee' && ring.phase === 'ringing'
        ? { ring: { ...ring, phase: 'connecting' }, deeds: [say([peerOf(ring)], 'accept')] }
        : { ring, deeds: [] };
    case 'refuse':
      return ring.role === 'callee' && ring.phase === 'ringing'
        ? over(ring, 'declined', [say([peerOf(ring)], 'decline')])
        : { ring, deeds: [] };
    case 'leave':
    case 'removed':
      return over(ring, happening.what === 'leave' ? 'hangup' : 'removed', [
        say(others(ring), 'hangup', happening.what === 'leave' ? 'hangup' : 'removed'),
      ]);
    case 'up':
      return { ring: isUnderWay(ring) ? { ...ring, phase: 'on' } : ring, deeds: [] };
    case 'down':
      return ring.phase === 'on' ? lose(ring) : { ring, deeds: [] };
    case 'dead':
    case 'late':
      return giveUp(ring);
  }
}

function told(ring: Ring, from: string, t: Told, sdp: string): Step {
  const same: Step = { ring, deeds: [] };
  if (ring.role === 'caller' && ring.ringing.includes(from)) {
    if (t === 'accept') return accepted(ring, from);
    if (ring.phase === 'ringing' && t === 'decline') {
      return over(ring, 'declined', [say(without(ring.ringing, from), 'hangup', 'declined')]);
    }
    if (ring.phase === 'ringing' && t === 'busy') {
      const ringing = without(ring.ringing, from);
      return ringing.length === 0
        ? over(ring, 'busy', [])
        : { ring: { ...ring, ringing }, deeds: [] };
    }
  }
  // Everything else only from the device that the call is with: nobody else can end or move it.
  if (from !== ring.peer) return same;
  if (t === 'hangup') return over(ring, 'hangup', []);
  if (t === 'answered' && ring.role === 'callee') return over(ring, 'elsewhere', []);
  if (t === 'offer' && ring.role === 'callee' && ring.phase !== 'ringing') {
    return { ring, deeds: [{ do: 'take-offer', sdp }] };
  }
  if (t === 'answer' && ring.role === 'caller') {
    return { ring, deeds: [{ do: 'take-answer', sdp }] };
  }
  return same;
}

/** The first has the call, all others hear that it was answered. */
function accepted(ring: Ring, from: string): Step {
  if (ring.phase === 'ringing') {
    const late = without(ring.ringing, from);
    const deeds: Deed[] = [{ do: 'offer' }];
    if (late.length > 0) deeds.unshift(say(late, 'answered'));
    return { ring: { ...ring, phase: 'connecting', peer: from }, deeds };
  }
  return { ring, deeds: ring.peer === from ? [] : [say([from], 'answered')] };
}

/** Only the caller offers anew, so that two offers never cross. */
function lose(ring: Ring): Step {
  const deeds: Deed[] = ring.role === 'caller' ? [{ do: 'restart' }] : [];
  return { ring: { ...ring, phase: 'lost' }, deeds };
}

function giveUp(ring: Ring): Step {
  if (ring.phase === 'on') return lose(ring);
  const end: End = ring.phase === 'ringing' ? 'no-answer' : 'lost';
  // Who is merely rung says nothing: another device of the same person may still take the call.
  const isRung = ring.role === 'callee' && ring.phase === 'ringing';
  return over(ring, end, isRung ? [] : [say(others(ring), 'hangup', end)]);
}

/** Somebody who missed the end of a call is told, once for each time they ask. */
function afterwards(ring: Ring, happening: Happening): Deed[] {
  if (happening.what !== 'told' || !ring.ringing.includes(happening.from)) return [];
  return happening.t === 'accept' || happening.t === 'offer'
    ? [say([happening.from], 'hangup', ring.end)]
    : [];
}

function over(ring: Ring, end: End, deeds: readonly Deed[]): Step {
  return { ring: { ...ring, phase: 'over', end }, deeds: [...deeds, { do: 'close' }] };
}

function isUnderWay({ phase }: Ring): boolean {
  return phase === 'connecting' || phase === 'lost' || phase === 'on';
}

function others(ring: Ring): readonly string[] {
  return ring.peer === undefined ? ring.ringing : [ring.peer];
}

function peerOf(ring: Ring): string {
  return ring.peer ?? '';
}

function without(devices: readonly string[], one: string): string[] {
  return devices.filter((device) => device !== one);
}

function say(to: readonly string[], t: Said, why?: End): Deed {
  return { do: 'say', to, t, ...(why !== undefined && { why }) };
}

/**
 * Both called each other at once: the lower id is the call. True if the other's call is dropped,
 * false if ours is and theirs is taken. Both devices come to the same answer by themselves.
 */
export function isOursInGlare(ours: string, theirs: string): boolean {
  return ours < theirs;
}
