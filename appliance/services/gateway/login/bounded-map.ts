/** A map that forgets the entry untouched for longest when it is full: bounds what strangers can store. */
export class BoundedMap<V> {
  readonly #entries = new Map<string, V>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  /** Stores and counts as touched. */
  set(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#capacity && oldest !== undefined) this.#entries.delete(oldest);
  }

  /** Removes and returns. */
  take(key: string): V | undefined {
    const value = this.#entries.get(key);
    this.#entries.delete(key);
    return value;
  }

  /** Keys of the entries that fit, longest untouched first. */
  keysWhere(fits: (value: V) => boolean): string[] {
    return [...this.#entries].filter(([, value]) => fits(value)).map(([key]) => key);
  }
}
