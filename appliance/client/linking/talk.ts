import { backOffMs } from '../bell.ts';
import { BoxAway, BoxRefusal } from '../exchange.ts';
import type { Clock } from '../ports.ts';
import type { LinkHeard } from './link-door.ts';

/** How one side of a link deals with the box. */
export interface Talk {
  clock: Clock;
  /** Whether there is nothing more to say or hear. */
  isOver(): boolean;
  /** Waits for more than `heard` things; without it what there is, at once. */
  hear(heard: number | undefined, signal: AbortSignal): Promise<LinkHeard>;
  /** Says again what the box has not got, the same bytes as before. */
  repeat(heard: LinkHeard, signal: AbortSignal): Promise<boolean>;
  /** Takes what is new. */
  take(heard: LinkHeard, signal: AbortSignal): Promise<void>;
  /** The box does not know the link: it restarted, or the time is over. */
  onUnknown(signal: AbortSignal): Promise<void>;
  /** The box said no for good. */
  onRefusal(code: string): void;
}

const unknownLink = 'SWARM_LINK_UNKNOWN';

/** Talks through the box until it is over or `signal` aborts; a box that is away comes back. */
export async function talk(side: Talk, signal: AbortSignal): Promise<void> {
  let heard: number | undefined;
  let failures = 0;
  while (!signal.aborted && !side.isOver()) {
    try {
      const now = await side.hear(heard, signal);
      await side.take(now, signal);
      const hasSaid = await side.repeat(now, signal);
      heard = hasSaid ? undefined : now.count;
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      heard = undefined;
      if (error instanceof BoxRefusal && error.code === unknownLink) {
        await side.onUnknown(signal);
        await side.clock.wait(1_000, signal);
      } else if (error instanceof BoxAway || (error instanceof BoxRefusal && error.isPassing)) {
        failures += 1;
        await side.clock.wait(backOffMs(failures), signal);
      } else if (error instanceof BoxRefusal) {
        side.onRefusal(error.code);
      } else {
        throw error;
      }
    }
  }
}
