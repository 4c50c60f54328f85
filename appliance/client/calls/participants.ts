import type { StreamTrust } from '#protocol/media/digest-check.ts';
import type { StreamKind } from '#protocol/media/signal-form.ts';
import { isLoud } from './loudness.ts';
import type { Producer, RoomState } from './room-state.ts';

/** Somebody in a conference, as this device knows it. */
export interface Participant {
  device: string;
  has: ReadonlySet<StreamKind>;
  isSpeaking: boolean;
  trust: StreamTrust | undefined;
}

/** What the box says may be older than what somebody has just signed. */
const staleMs = 4_000;

interface Known extends Participant {
  /** When it announced its key; −∞ if only the box names it. */
  announcedMs: number;
}

/**
 * Who is in a conference. The box lists devices, and devices announce themselves; only those that
 * the conversation's own history lets in count. Who said farewell by signature comes back only by
 * a new announcement, whatever the box lists.
 */
export class Participants {
  readonly #mayTakePart: (device: string) => boolean;
  readonly #known = new Map<string, Known>();
  readonly #left = new Set<string>();
  #producers: readonly Producer[] = [];

  constructor(mayTakePart: (device: string) => boolean) {
    this.#mayTakePart = mayTakePart;
  }

  mayBe(device: string): boolean {
    return this.#mayTakePart(device);
  }

  /** Everybody but oneself. */
  all(): readonly Participant[] {
    return [...this.#known.values()];
  }

  /** Changes when what `look` found is to be shown anew. */
  get shown(): string {
    const rows = this.all().map((one) => [one.device, ...one.has, one.isSpeaking, one.trust]);
    return rows.join(' ');
  }

  /** Tracks of participants, at most what the SFU claims. */
  get producers(): readonly Producer[] {
    return this.#producers.filter(({ device }) => this.#known.has(device));
  }

  /** Takes what the box says; returns who is gone by it. */
  list(state: RoomState, nowMs: number): string[] {
    this.#producers = state.producers;
    const listed = state.peers.filter((one) => this.mayBe(one) && !this.#left.has(one));
    for (const device of listed) {
      if (!this.#known.has(device)) this.#add(device, Number.NEGATIVE_INFINITY);
    }
    const gone = [...this.#known.values()]
      .filter(({ announcedMs, device }) => {
        return !listed.includes(device) && nowMs - announcedMs > staleMs;
      })
      .map(({ device }) => device);
    for (const device of gone) this.#known.delete(device);
    return gone;
  }

  /** A device has announced its key. */
  announced(device: string, nowMs: number): void {
    this.#left.delete(device);
    this.#add(device, nowMs);
  }

  /** A device said farewell. */
  left(device: string): void {
    this.#left.add(device);
    this.#known.delete(device);
  }

  /** Forgets those who may not take part any more. */
  prune(): void {
    for (const device of this.#known.keys()) {
      if (!this.mayBe(device)) this.#known.delete(device);
    }
  }

  /** Takes in what is heard and shown at this moment. */
  look(
    levels: ReadonlyMap<string, number>,
    kindsOf: (device: string) => ReadonlySet<StreamKind>,
    trustOf: (device: string) => StreamTrust | undefined,
  ): void {
    for (const known of this.#known.values()) {
      known.isSpeaking = isLoud(levels.get(known.device) ?? 0);
      known.has = kindsOf(known.device);
      known.trust = trustOf(known.device);
    }
  }

  #add(device: string, announcedMs: number): void {
    const known = this.#known.get(device);
    if (known) known.announcedMs = announcedMs;
    else {
      const fresh = { device, has: new Set<StreamKind>(), isSpeaking: false, trust: undefined };
      this.#known.set(device, { ...fresh, announcedMs });
    }
  }
}
