import type { ClientView } from './model.ts';

/** Holds the one immutable view and tells listeners of each change. */
export class Snapshot {
  #view: ClientView = { stage: 'starting', link: { state: 'none' } };
  readonly #listeners = new Set<() => void>();

  /** The same object until something changed. */
  view(): ClientView {
    return this.#view;
  }

  /** Replaces the named parts; a part given as undefined goes away. */
  change(part: { [K in keyof ClientView]?: ClientView[K] | undefined }): void {
    const next: Record<string, unknown> = { ...this.#view };
    for (const [key, value] of Object.entries(part)) {
      if (value === undefined) delete next[key];
      else next[key] = value;
    }
    // Stage and link are never taken away: their types allow no undefined but on purpose.
    this.#view = next as unknown as ClientView;
    this.tell();
  }

  /** Tells that something beside the view changed, such as messages. */
  tell(): void {
    for (const listener of this.#listeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
