import type { Clock } from '#kernel/clock.ts';
import { addressGroup } from './connections.ts';

/** Addresses remembered; the one heard of longest ago goes first, and then has a full budget again. */
const maxAddressesCount = 10_000;

/** Budgets of requests, one an address, that refill with time. Stops floods by those not logged in. */
export class AddressRates {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #clock: Clock;
  readonly #budgets = new Map<string, { left: number; atMs: number }>();

  constructor(perMinute: number, burst: number, clock: Clock) {
    this.#perMs = perMinute / 60_000;
    this.#burst = burst;
    this.#clock = clock;
  }

  /** Takes one request from the budget; returns how many seconds to wait if there is none left. */
  spend(address: string): number {
    const group = addressGroup(address);
    const nowMs = this.#clock.monotonic();
    const { left, atMs } = this.#budgets.get(group) ?? { left: this.#burst, atMs: nowMs };
    const budget = Math.min(this.#burst, left + (nowMs - atMs) * this.#perMs);
    const isAllowed = budget >= 1;
    this.#budgets.delete(group);
    this.#budgets.set(group, { left: isAllowed ? budget - 1 : budget, atMs: nowMs });
    const [oldest] = this.#budgets.keys();
    if (this.#budgets.size > maxAddressesCount && oldest !== undefined)
      this.#budgets.delete(oldest);
    return isAllowed ? 0 : Math.ceil((1 - budget) / this.#perMs / 1000);
  }
}
