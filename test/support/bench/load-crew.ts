import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Order, Report } from './load-worker.ts';

const program = fileURLToPath(new URL('load-worker.ts', import.meta.url));

/** What a message cost its writer: on the disk after `keptMs`, at the box after `sentMs`. */
export interface Written {
  at: number;
  keptMs: number;
  sentMs: number;
}

/** The processes of the load benchmark, and the headless clients in them. */
export class LoadCrew {
  readonly #workers: ChildProcess[];
  readonly #homes = new Map<string, ChildProcess>();
  readonly written = new Map<number, Written>();

  constructor(processes: number) {
    this.#workers = Array.from({ length: processes }, () => fork(program));
    for (const worker of this.#workers) {
      worker.on('message', (report: Report) => {
        if (report.t === 'wrote') this.written.set(report.n, report);
        if (report.t === 'failed') console.error(`a load process: ${report.why}`);
      });
    }
  }

  /** Lets these people join with one link, spread over the processes; resolves when all are ready. */
  async join(names: readonly string[], origin: string, link: string): Promise<void> {
    const shares = this.#workers.map((_, place) =>
      names.filter((__, n) => n % this.#workers.length === place),
    );
    await Promise.all(
      this.#workers.map(async (worker, place) => {
        const share = shares[place] ?? [];
        for (const name of share) this.#homes.set(name, worker);
        if (share.length > 0) await ask(worker, { t: 'join', names: share, origin, link }, 'done');
      }),
    );
  }

  /** Lets somebody write a marked message; what it cost is in `written` some time later. */
  write(name: string, n: number): void {
    this.#homes.get(name)?.send({ t: 'write', name, n } satisfies Order);
  }

  /** Everybody writes `each` messages as fast as they can; resolves when the box has all. */
  async burst(first: number, each: number): Promise<void> {
    const most = each * this.#homes.size;
    await Promise.all(
      this.#workers.map((worker, place) =>
        ask(worker, { t: 'burst', first: first + place * most, each }, 'done'),
      ),
    );
  }

  /** When each device could read each marked message. */
  async readings(): Promise<(readonly [mark: string, atMs: number])[]> {
    const reports = await Promise.all(
      this.#workers.map((worker) => ask(worker, { t: 'readings' }, 'readings')),
    );
    return reports.flatMap((report) => (report.t === 'readings' ? report.read : []));
  }

  async end(): Promise<void> {
    const ended = this.#workers.map(
      (worker) => new Promise((resolve) => worker.once('exit', resolve)),
    );
    for (const worker of this.#workers) worker.send({ t: 'end' } satisfies Order);
    await Promise.all(ended);
  }
}

function ask(worker: ChildProcess, order: Order, wanted: Report['t']): Promise<Report> {
  return new Promise((resolve, reject) => {
    const hear = (report: Report): void => {
      if (report.t === wanted) resolve(report);
      else if (report.t === 'failed') reject(new Error(report.why));
      else return;
      worker.off('message', hear);
    };
    worker.on('message', hear);
    worker.send(order);
  });
}
