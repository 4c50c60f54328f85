import { backOffMs } from '../bell.ts';
import { BoxAway, BoxRefusal } from '../exchange.ts';
import type { Clock } from '../ports.ts';
import { problem } from '../problem.ts';
import type { EndDoor } from './end-door.ts';
import type { RecordParts } from './record-parts.ts';

/** A box that says no as often as this, with nothing fetched in between, means it. */
const mostRefusals = 3;

/** Fetches a record over and over while the box is away or busy, from where it stopped. */
export async function persist(
  { clock, door }: { clock: Clock; door: EndDoor },
  parts: RecordParts,
  onMoved: (done: number) => void,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  let refusals = 0;
  for (;;) {
    try {
      let first: number | undefined;
      await parts.fetch(
        door,
        (done) => {
          first ??= done;
          if (done > first) failures = refusals = 0;
          onMoved(done);
        },
        signal,
      );
      return;
    } catch (error) {
      signal.throwIfAborted();
      const isRefusal = error instanceof BoxRefusal && !error.isPassing;
      if (isRefusal) refusals += 1;
      if (!(error instanceof BoxAway || error instanceof BoxRefusal)) throw error;
      // More than was asked for is another record, whatever the box calls it.
      const isTooMuch = error instanceof BoxRefusal && error.code === 'CLIENT_REPLY_TOO_LARGE';
      if (isTooMuch) throw problem('RECORD_DAMAGED', error);
      if (refusals >= mostRefusals) throw error;
      failures += 1;
      await clock.wait(backOffMs(failures), signal);
    }
  }
}
