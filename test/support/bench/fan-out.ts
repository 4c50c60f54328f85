import { spawn, type ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';
import { nowMs } from './load-member.ts';

/**
 * The rival of the load benchmark: stock `mosquitto` and as many `mosquitto_sub`, in clear on this
 * machine. It passes bytes on and keeps, checks, signs and seals nothing.
 */
export class FanOut {
  readonly #broker: ChildProcess;
  readonly #subscribers: ChildProcess[] = [];
  readonly #publisher: ChildProcess;
  /** Of each marked message: when each subscriber had it. */
  readonly read: (readonly [mark: string, atMs: number])[] = [];
  readonly #begun = new Map<string, number>();

  private constructor(broker: ChildProcess, publisher: ChildProcess) {
    this.#broker = broker;
    this.#publisher = publisher;
  }

  static async start(clients: number, folder: string): Promise<FanOut> {
    const port = String(await freePort());
    const config = join(folder, 'mosquitto.conf');
    await writeFile(config, `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
    const broker = spawn('mosquitto', ['-c', config], { stdio: 'ignore' });
    const publisher = spawn('mosquitto_pub', ['-p', port, '-q', '1', '-t', 'load', '-l'], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    const fan = new FanOut(broker, publisher);
    for (let n = 0; n < clients; n += 1) {
      const one = spawn('mosquitto_sub', ['-p', port, '-q', '1', '-t', 'load', '-F', '%U %p'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      if (one.stdout) {
        createInterface(one.stdout).on('line', (line) => {
          const blank = line.indexOf(' ');
          fan.read.push([line.slice(blank + 1), Number(line.slice(0, blank)) * 1000]);
        });
      }
      fan.#subscribers.push(one);
    }
    // Until everybody hears: the first marks count nothing.
    await until(
      'all are subscribed',
      () => {
        fan.publish('hello');
        const heard = fan.read.filter(([mark]) => mark === 'hello').length;
        return heard > 2 * clients;
      },
      60_000,
    );
    return fan;
  }

  get pid(): number {
    return this.#broker.pid ?? 0;
  }

  publish(mark: string): void {
    this.#begun.set(mark, nowMs());
    this.#publisher.stdin?.write(`${mark}\n`);
  }

  /** Milliseconds from publishing to arrival, one for each message and subscriber. */
  get delaysMs(): number[] {
    return this.read.flatMap(([mark, at]) => {
      const begun = this.#begun.get(mark);
      return mark === 'hello' || begun === undefined ? [] : [at - begun];
    });
  }

  async stop(): Promise<void> {
    const all = [this.#publisher, ...this.#subscribers, this.#broker];
    const ended = all.map((one) => new Promise((resolve) => one.once('exit', resolve)));
    for (const one of all) one.kill('SIGTERM');
    await Promise.all(ended);
  }
}
