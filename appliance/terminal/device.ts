import { Client } from '#client/client.ts';
import type { ClientView, MissionView } from '#client/model.ts';
import { Vault } from '#client/vault.ts';
import type { Output } from './output.ts';
import { nodeClock } from './platform/node-clock.ts';
import { checkedEngine } from './platform/node-engine.ts';
import { nodeFiles } from './platform/node-files.ts';
import { NodeNetwork } from './platform/node-network.ts';
import { nodeZlib } from './platform/node-zlib.ts';
import type { StateDirectory } from './state/state-directory.ts';
import { exitCodes, Stop } from './stop.ts';

/** Where the box is, as a record of the program's own beside those of the engine. */
const boxRecord = 'terminal/box';

/** How long nothing of ours may be on its way before a device has done its chores. */
const quietMs = 1500;
const lookEveryMs = 50;

/** How long a command waits for the box if nothing else was said. */
const usualWaitMs = 30_000;

/** Problems after which waiting is of no use. */
const hopeless = ['BOX_OTHER_KEY', 'DEVICE_SET_BACK', 'STORAGE_FAILED', 'ENGINE_MISTAKE'];

/** The client engine in a state directory. */
export class Device {
  readonly client: Client;
  readonly state: StateDirectory;
  /** Of the box. */
  readonly origin: string;
  readonly #signal: AbortSignal;

  private constructor(client: Client, state: StateDirectory, origin: string, signal: AbortSignal) {
    this.client = client;
    this.state = state;
    this.origin = origin;
    this.#signal = signal;
  }

  /**
   * Starts the engine for `box`, such as `https://10.0.0.5:8443`, or else for the box that was
   * used last; `from` is the address of this machine to use, where it has several.
   */
  static async start(
    state: StateDirectory,
    box: string | undefined,
    out: Output,
    signal: AbortSignal,
    from?: string,
  ): Promise<Device> {
    const vault = new Vault(state.records, state.keys);
    const known = await vault.get<string>(boxRecord);
    const origin = box ?? known;
    if (origin === undefined) {
      throw new Stop('This state directory knows no box yet: begin with found or join.');
    }
    const client = new Client({
      clock: nodeClock,
      network: new NodeNetwork(origin, from),
      storage: state,
      keys: state.keys,
      engine: checkedEngine,
      zlib: nodeZlib,
      place: state,
      files: nodeFiles(state.parts),
    });
    const device = new Device(client, state, origin, signal);
    let told: unknown;
    client.subscribe(() => {
      const { problem } = client.view();
      if (problem && problem !== told) out.note(`${problem.says} ${problem.advice}`);
      told = problem;
    });
    await client.start();
    if (known !== origin) await vault.write([{ key: boxRecord, value: origin }]);
    return device;
  }

  get view(): ClientView {
    return this.client.view();
  }

  /** The mission that this device is in. */
  get mission(): MissionView {
    const { mission } = this.view;
    if (!mission)
      throw new Stop('This device takes part in no mission yet: begin with found or join.');
    return mission;
  }

  /**
   * What `ask` finds in the view, as soon as it finds something. After `waitMs` undefined; without
   * it waits for ever. Throws a `Stop` when waiting is of no use or the program is to end.
   */
  sees<T>(ask: (view: ClientView) => T, waitMs?: number): Promise<NonNullable<T> | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<NonNullable<T> | undefined>();
    const look = (): void => {
      const { problem } = this.view;
      if (this.#signal.aborted) reject(new Stop('Stopped.'));
      else if (problem && hopeless.includes(problem.code)) {
        reject(new Stop(`${problem.says} ${problem.advice} (${problem.code})`));
      } else {
        const found = ask(this.view);
        if (found) resolve(found);
      }
    };
    const stop = this.client.subscribe(look);
    this.#signal.addEventListener('abort', look);
    const timer = waitMs === undefined ? undefined : setTimeout(() => resolve(undefined), waitMs);
    look();
    return promise.finally(() => {
      stop();
      clearTimeout(timer);
      this.#signal.removeEventListener('abort', look);
    });
  }

  /** Whether a round with the box has brought what is new. */
  async catchesUp(waitMs = usualWaitMs): Promise<boolean> {
    const found = await this.sees(
      ({ link, mission }) =>
        this.#isOver ||
        ((link.state === 'linked' || link.state === 'slow') &&
          !mission?.conversations.some(({ loading }) => loading)),
      waitMs,
    );
    return found === true;
  }

  /** Whether the box has everything that this device wrote, chores included. */
  async isDelivered(waitMs = usualWaitMs): Promise<boolean> {
    const end = performance.now() + waitMs;
    for (let quietSince: number | undefined; performance.now() < end;) {
      const waiting = await this.state.records.list('out/');
      if (this.#isOver) return true;
      if (waiting.length > 0) quietSince = undefined;
      else quietSince ??= performance.now();
      if (quietSince !== undefined && performance.now() - quietSince > quietMs) return true;
      await nodeClock.wait(lookEveryMs, this.#signal);
      if (this.#signal.aborted) throw new Stop('Stopped.');
    }
    return false;
  }

  /** The box has erased the mission: there is nothing to learn or to send any more. */
  get #isOver(): boolean {
    return this.view.mission?.closing?.step === 'wiped';
  }

  /** Stops the engine and gives the directory back. Idempotent. */
  async stop(): Promise<void> {
    await this.client.stop();
    await this.state.release();
  }
}

/** A `Stop` for a box that did not answer in time. */
export function boxAway(): Stop {
  return new Stop(
    'The box did not answer. What was written is kept here and goes out with the next command.',
    exitCodes.kept,
  );
}
