import type { Clock } from '#kernel/clock.ts';
import {
  checkOffer,
  codeOfOffer,
  linkId,
  type LinkOffer,
  type NewDeviceSays,
  type Signed,
} from '#protocol/identity/link.ts';
import type { OldDeviceSays } from '#protocol/identity/link-says.ts';
import type { Outcome } from './errors.ts';

/** Everything that both devices of a link can hear. */
export interface LinkNews {
  offer: LinkOffer;
  new: readonly Signed<NewDeviceSays>[];
  old: readonly OldDeviceSays[];
}

interface Held extends LinkNews {
  /** The device that was first to answer; nobody else is heard. */
  owner?: string;
  untilMs: number;
}

/** Links at one time; stops strangers from filling the memory. */
const mostLinks = 64;
/** A person stands before two devices: longer than that takes nobody. */
const keepMs = 15 * 60_000;

/** The kinds that each side says, in this order. */
const order = {
  new: ['nonce', 'apply', 'arrived', 'end'],
  old: ['commit', 'answer', 'handover', 'end'],
};

/**
 * Carries what a new device and an old one of the same person say to each other (J9), in memory
 * only. All of it is public or boxed; of each kind the first one stays, so that nobody may say
 * another thing later.
 */
export class Links {
  readonly #clock: Clock;
  readonly #boxKeyHash: string;
  readonly #onChange: () => void;
  #held = new Map<string, Held>();

  /** `boxKeyHash` in b64u: offers to another box are refused. */
  constructor(clock: Clock, boxKeyHash: string, onChange: () => void) {
    this.#clock = clock;
    this.#boxKeyHash = boxKeyHash;
    this.#onChange = onChange;
  }

  /** Takes an offer; the same one again gets the same id. */
  offer(offer: LinkOffer): { id: string } | Exclude<Outcome, undefined> {
    const id = linkId(codeOfOffer(offer));
    if (offer.b !== this.#boxKeyHash || !checkOffer(offer, id).ok) {
      return { code: 'SWARM_LINK_REFUSED', detail: { rule: 'J9' } };
    }
    this.#sweep();
    if (!this.#held.has(id)) {
      if (this.#held.size >= mostLinks) {
        return { code: 'SWARM_LINK_CROWD', detail: { retryAfterSeconds: 60 } };
      }
      const untilMs = this.#clock.monotonic() + keepMs;
      this.#held.set(id, { offer, new: [], old: [], untilMs });
      this.#onChange();
    }
    return { id };
  }

  /** What there is of a link; undefined for one that is not here. */
  news(id: string): LinkNews | undefined {
    this.#sweep();
    const held = this.#held.get(id);
    return held && { offer: held.offer, new: held.new, old: held.old };
  }

  /** Notes what the new device says; its signature was checked. */
  sayNew(id: string, said: Signed<NewDeviceSays>): Outcome {
    const held = this.#held.get(id);
    if (!held) return { code: 'SWARM_LINK_UNKNOWN' };
    if (held.new.some(({ say }) => say.k === said.say.k)) return undefined;
    return this.#keep(id, { ...held, new: [...held.new, said] }, 'new');
  }

  /** Notes what the old device `by` says. */
  sayOld(id: string, say: OldDeviceSays, by: string): Outcome {
    const held = this.#held.get(id);
    if (!held) return { code: 'SWARM_LINK_UNKNOWN' };
    if ((held.owner ?? by) !== by) return { code: 'SWARM_LINK_TAKEN' };
    if (held.old.some(({ k }) => k === say.k)) return undefined;
    return this.#keep(id, { ...held, owner: by, old: [...held.old, say] }, 'old');
  }

  /** Forgets all, since the service stops. */
  clear(): void {
    this.#held.clear();
  }

  /** Each side says its things in order: nothing is heard before what binds the speaker. */
  #keep(id: string, next: Held, side: 'new' | 'old'): Outcome {
    const said =
      side === 'new' ? next.new.map(({ say }) => say.k as string) : next.old.map(({ k }) => k);
    const due = order[side].filter((kind) => kind !== 'end');
    const isInOrder = said.filter((kind) => kind !== 'end').every((kind, at) => kind === due[at]);
    if (!isInOrder) return { code: 'SWARM_LINK_REFUSED', detail: { rule: 'J9' } };
    this.#held.set(id, next);
    this.#onChange();
    return undefined;
  }

  #sweep(): void {
    const now = this.#clock.monotonic();
    for (const [id, { untilMs }] of this.#held) if (untilMs <= now) this.#held.delete(id);
  }
}
