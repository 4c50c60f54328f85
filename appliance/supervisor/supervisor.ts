import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';
import { asRefusal, Refusal } from '#kernel/refusal.ts';
import { Scope } from '#kernel/scope.ts';
import { Serial } from '#kernel/serial.ts';
import type { BoxHealth, Health, Service } from '#kernel/service.ts';
import { inOrder } from './order.ts';
import { isGivenUp, plan, type Actual } from './plan.ts';

interface Watched {
  service: Service;
  running: boolean;
  failuresAtMs: number[];
  /** Why the newest failure came. */
  reason: unknown;
  reported: boolean;
}

const watchEveryMs = 500;
/** A start that takes longer is aborted and counts as a failure, so that it cannot hold up the others. */
const startWithinMs = 60_000;

/**
 * Starts the services in the order of their needs, looks after them, and stops
 * them in reverse. Steps run one at a time. A Refusal during the first start
 * ends it, since trying again cannot help, and so does an essential service that
 * does not come up; any other failure of a service leaves the rest running.
 */
export class Supervisor {
  readonly #watched: readonly Watched[];
  readonly #essential: readonly string[];
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #scope = new Scope();
  readonly #serial = new Serial();

  /** Without one of the `essential` services the box is of no use to anybody. */
  constructor(
    services: readonly Service[],
    essential: readonly string[],
    clock: Clock,
    log: Logger,
  ) {
    this.#watched = inOrder(services).map((service) => ({
      service,
      running: false,
      failuresAtMs: [],
      reason: undefined,
      reported: false,
    }));
    this.#essential = essential;
    this.#clock = clock;
    this.#log = log;
  }

  /** Resolves when every service was tried once. Rejects, all stopped, with a Refusal. */
  async start(): Promise<void> {
    try {
      await this.#pass(true);
      this.#checkEssential();
    } catch (error) {
      await this.stop();
      throw error;
    }
    if (this.#scope.signal.aborted) return;
    this.#scope.every(watchEveryMs, () => void this.look());
  }

  /** Compares wanted with actual once and acts; the timer calls it, tests too. */
  async look(): Promise<void> {
    await this.#pass(false);
  }

  /** Stops all in reverse order; each failure is logged and all others still stop. */
  async stop(): Promise<void> {
    await this.#scope[Symbol.asyncDispose]();
    const failures = await this.#serial.run(async () => {
      const found: unknown[] = [];
      for (const one of this.#watched.toReversed()) {
        found.push(...(await this.#stopOne(one)));
      }
      return found;
    });
    if (failures.length > 0)
      throw new AggregateError(failures, 'not every service stopped cleanly');
  }

  /** `failed` when an essential service is; `degraded` when any other is not well. */
  health(): BoxHealth {
    const services = Object.fromEntries(
      this.#watched.map((one) => [one.service.name, this.#healthOf(one)]),
    );
    const failed = Object.keys(services).filter((name) => services[name]?.status === 'failed');
    const isLost = failed.some((name) => this.#essential.includes(name));
    const isWell = Object.values(services).every((health) => health.status === 'ok');
    return { status: isLost ? 'failed' : isWell ? 'ok' : 'degraded', services };
  }

  /** Whoever starts the box must not be told that it runs while it is of no use. */
  #checkEssential(): void {
    if (this.#scope.signal.aborted) return;
    const lost = this.#watched.filter(
      ({ service, running }) => !running && this.#essential.includes(service.name),
    );
    // One that only waits for another says nothing of the cause.
    const first = lost.find(({ failuresAtMs }) => failuresAtMs.length > 0) ?? lost[0];
    if (!first) return;
    const { reason, service } = first;
    const [why] = (reason instanceof Error ? reason.message : String(reason)).split('\n');
    throw new Refusal(
      `Parley cannot run without its service ${service.name}, which did not start: ${why}. Mend that and start again.`,
      1,
      reason,
    );
  }

  #pass(first: boolean): Promise<void> {
    return this.#serial.run(async () => {
      if (this.#scope.signal.aborted) return;
      const nowMs = this.#clock.monotonic();
      const actual = new Map(
        this.#watched.map((one) => [one.service.name, this.#observe(one, nowMs)]),
      );
      const steps = plan(
        this.#watched.map((one) => one.service),
        actual,
        nowMs,
      );
      for (const step of steps) {
        const one = this.#watched.find((watched) => watched.service.name === step.name);
        if (!one || this.#scope.signal.aborted) continue;
        if (step.do === 'stop') await this.#stopOne(one);
        else if (this.#hasNeeds(one)) await this.#startOne(one, first);
      }
    });
  }

  #observe(one: Watched, nowMs: number): Actual {
    const broken = one.running && one.service.health().status === 'failed';
    if (broken) this.#failed(one, nowMs, one.service.health().says);
    return { running: one.running, broken, failuresAtMs: one.failuresAtMs };
  }

  async #startOne(one: Watched, first: boolean): Promise<void> {
    const began = this.#clock.monotonic();
    const { name } = one.service;
    try {
      await one.service.start(
        AbortSignal.any([this.#scope.signal, AbortSignal.timeout(startWithinMs)]),
      );
      one.running = true;
      this.#log.info(
        { service: name, tookMs: Math.round(this.#clock.monotonic() - began) },
        'service started',
      );
    } catch (error) {
      if (this.#scope.signal.aborted) return;
      const refusal = first ? asRefusal(error) : undefined;
      if (refusal) throw refusal;
      this.#failed(one, this.#clock.monotonic(), error);
    }
  }

  async #stopOne(one: Watched): Promise<unknown[]> {
    if (!one.running) return [];
    one.running = false;
    try {
      await one.service.stop();
      this.#log.info({ service: one.service.name }, 'service stopped');
      return [];
    } catch (error) {
      this.#log.error({ service: one.service.name, err: error }, 'service did not stop cleanly');
      return [error];
    }
  }

  #failed(one: Watched, nowMs: number, reason: unknown): void {
    one.failuresAtMs.push(nowMs);
    one.reason = reason;
    // Enough to decide; a service that fails for weeks must not grow a list.
    one.failuresAtMs.splice(0, one.failuresAtMs.length - 10);
    const what = { service: one.service.name, failures: one.failuresAtMs.length, err: reason };
    if (!isGivenUp({ running: false, broken: false, failuresAtMs: one.failuresAtMs })) {
      this.#log.warn(what, 'service failed; it is started again');
    } else if (!one.reported) {
      one.reported = true;
      this.#log.error(
        what,
        'service failed too often; it is left off until the box is started again',
      );
    }
  }

  #hasNeeds(one: Watched): boolean {
    return one.service.needs.every((need) =>
      this.#watched.some((other) => other.service.name === need && other.running),
    );
  }

  #healthOf(one: Watched): Health {
    if (one.running) return one.service.health();
    if (one.reported) return { status: 'failed', says: 'It failed too often and is left off.' };
    if (!this.#hasNeeds(one))
      return { status: 'failed', says: 'It waits for a service that it needs.' };
    const starting = one.failuresAtMs.length === 0;
    return {
      status: 'failed',
      says: starting ? 'It is starting.' : 'It failed and is started again soon.',
    };
  }
}
