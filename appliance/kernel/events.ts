/**
 * Facts that happened, told to whoever listens. Never for requests: those are
 * methods. A listener that throws does not keep the others from hearing.
 */
export class Events<Facts extends object> {
  readonly #listeners = new Map<keyof Facts, Set<(fact: never) => void>>();
  readonly #onFailure: (error: unknown) => void;

  /** `onFailure` hears what a listener threw. */
  constructor(onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure;
  }

  /** Calls `listener` for each later fact of this name; returns what ends that. */
  on<Name extends keyof Facts>(name: Name, listener: (fact: Facts[Name]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Tells all listeners, in the order in which they came. */
  emit<Name extends keyof Facts>(name: Name, fact: Facts[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        (listener as (fact: Facts[Name]) => void)(fact);
      } catch (error) {
        this.#onFailure(error);
      }
    }
  }
}
