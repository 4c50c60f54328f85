import type { Clock } from '#kernel/clock.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { Allowance } from './allowance.ts';
import type { SwarmConfig } from './config.ts';

/** How fast a device may write in one swarm (L5): commits, control commits and epochs apart. */
export class Pace {
  readonly #commits: Allowance;
  readonly #control: Allowance;
  readonly #epochs: Allowance;
  readonly #rooms: Allowance;

  constructor(config: SwarmConfig, clock: Clock) {
    const { commitBurstCount, controlBurstCount, epochBurstCount } = config;
    const { commitsPerMinuteCount, controlPerHourCount, epochsPerHourCount } = config;
    const allowance = (burst: number, perHour: number) => new Allowance({ burst, perHour }, clock);
    this.#commits = allowance(commitBurstCount, commitsPerMinuteCount * 60);
    this.#control = allowance(controlBurstCount, controlPerHourCount);
    this.#epochs = allowance(epochBurstCount, epochsPerHourCount);
    this.#rooms = allowance(controlBurstCount, controlPerHourCount);
  }

  /** Seconds until the device may send these; 0 when it may now. Spends nothing. */
  waitSeconds(device: string, cid: string, commits: readonly Commit[]): number {
    const waits = this.#counts(commits).map(([allowance, count]) =>
      count === 0 ? 0 : allowance.waitSeconds(`${device} ${cid}`),
    );
    return Math.max(...waits);
  }

  spend(device: string, cid: string, commits: readonly Commit[]): void {
    for (const [allowance, count] of this.#counts(commits)) {
      allowance.spend(`${device} ${cid}`, count);
    }
  }

  /** Seconds until the device may begin a conversation; 0 when it may now. */
  waitForRoom(device: string): number {
    return this.#rooms.waitSeconds(device);
  }

  spendRoom(device: string): void {
    this.#rooms.spend(device, 1);
  }

  /** Forgets devices that have been quiet. */
  sweep(): void {
    for (const allowance of [this.#commits, this.#control, this.#epochs, this.#rooms]) {
      allowance.sweep();
    }
  }

  #counts(commits: readonly Commit[]): [Allowance, number][] {
    const epochs = commits.filter(({ envelope }) => envelope.k === 'epoch').length;
    const control = commits.filter((commit) => commit.class === 'x').length - epochs;
    return [
      [this.#commits, commits.length],
      [this.#control, control],
      [this.#epochs, epochs],
    ];
  }
}
