import type { BoardView } from '../call-model.ts';
import type { Clock } from '../ports.ts';

/** Who a device belongs to, for the screens. */
export type Naming = (device: string) => { name?: string; slot: number };

/** Shortest pause between two of one's own; the eye follows ten a second. */
const pauseMs = 100;

/** A pointer that does not move any more goes: its owner may have closed the lid. */
const staysMs = 10_000;

/** Added to coordinates on the wire, which knows no negative numbers. */
const offset = 2 ** 20;

interface Pointer {
  x: number;
  y: number;
  atMs: number;
}

/** Where everybody points. */
export class Pointers {
  readonly #clock: Clock;
  readonly #tell: (place: [number, number]) => void;
  readonly #onChange: () => void;
  readonly #others = new Map<string, Pointer>();
  #next: [number, number] | undefined;
  #isPausing = false;

  constructor(clock: Clock, tell: (place: [number, number]) => void, onChange: () => void) {
    this.#clock = clock;
    this.#tell = tell;
    this.#onChange = onChange;
  }

  /** Tells where this device points now; of several within a pause only the last. */
  point(x: number, y: number): void {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    this.#next = [onWire(x), onWire(y)];
    void this.#send();
  }

  hear(device: string, [x, y]: readonly [number, number]): void {
    this.#others.set(device, { x: x - offset, y: y - offset, atMs: this.#clock.now() });
    this.#onChange();
  }

  /** Lets go of pointers that stand still. */
  expire(): void {
    const oldestMs = this.#clock.now() - staysMs;
    const old = [...this.#others].filter(([, { atMs }]) => atMs < oldestMs);
    for (const [device] of old) this.#others.delete(device);
    if (old.length > 0) this.#onChange();
  }

  /** Those of devices that may still be heard. */
  view(isIn: (device: string) => boolean, naming: Naming): BoardView['pointers'] {
    return [...this.#others]
      .filter(([device]) => isIn(device))
      .map(([device, { x, y }]) => ({ device, ...naming(device), x, y }));
  }

  async #send(): Promise<void> {
    if (this.#isPausing) return;
    this.#isPausing = true;
    while (this.#next) {
      this.#tell(this.#next);
      this.#next = undefined;
      await this.#clock.wait(pauseMs, new AbortController().signal);
    }
    this.#isPausing = false;
  }
}

function onWire(coordinate: number): number {
  return Math.round(Math.min(Math.max(coordinate, -offset), offset)) + offset;
}
