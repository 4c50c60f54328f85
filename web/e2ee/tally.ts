import type { FrameMark } from '#protocol/media/digest.ts';
import type { DropReason, FromWorker } from './messages.ts';

/** Counts what went through between two reports. */
export class Tally {
  #sent = new Map<string, FrameMark[]>();
  #shown = new Map<string, { device: string; session: string; frames: FrameMark[] }>();
  #dropped = new Map<string, { id: string | undefined; why: DropReason; frames: number }>();
  #frames = 0;
  #ms = 0;

  /** A frame went out. */
  sent(session: string, mark: FrameMark): void {
    const frames = this.#sent.get(session) ?? [];
    frames.push(mark);
    this.#sent.set(session, frames);
  }

  /** A frame went to the decoder. */
  shown(device: string, session: string, mark: FrameMark): void {
    const name = `${device}/${session}`;
    const entry = this.#shown.get(name) ?? { device, session, frames: [] };
    entry.frames.push(mark);
    this.#shown.set(name, entry);
  }

  /** A frame was dropped at receiver `id`, or on the way out. */
  dropped(why: DropReason, id?: string): void {
    const name = `${why}/${id ?? ''}`;
    const entry = this.#dropped.get(name) ?? { id, why, frames: 0 };
    entry.frames++;
    this.#dropped.set(name, entry);
  }

  /** A frame took so long. */
  took(ms: number): void {
    this.#frames++;
    this.#ms += ms;
  }

  /** The reports since the last call; what our own key sent is always among them. */
  flush(session: string | undefined): FromWorker[] {
    if (session !== undefined && !this.#sent.has(session)) this.#sent.set(session, []);
    const reports: FromWorker[] = [
      ...[...this.#sent].map(([name, frames]) => ({ t: 'sent', session: name, frames }) as const),
      ...[...this.#shown.values()].map((entry) => ({ t: 'shown', ...entry }) as const),
      ...[...this.#dropped.values()].map(
        ({ id, ...entry }) =>
          ({ t: 'dropped', ...entry, ...(id !== undefined && { id }) }) as const,
      ),
    ];
    if (this.#frames > 0) reports.push({ t: 'load', frames: this.#frames, ms: this.#ms });
    this.#sent = new Map();
    this.#shown = new Map();
    this.#dropped = new Map();
    this.#frames = 0;
    this.#ms = 0;
    return reports;
  }
}
