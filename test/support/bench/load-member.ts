import { join } from 'node:path';
import { Device } from '../../../appliance/terminal/device.ts';
import { Output } from '../../../appliance/terminal/output.ts';
import { StateDirectory } from '../../../appliance/terminal/state/state-directory.ts';

/** Long enough for a device that waits for two hundred others. */
const patienceMs = 15 * 60_000;

/** When something happened, in milliseconds, the same clock in all processes of this machine. */
export const nowMs = (): number => performance.timeOrigin + performance.now();

/** One headless client under load: it writes, and notes when it can read what others wrote. */
export class LoadMember {
  readonly name: string;
  readonly device: Device;
  /** Of each marked message: when this device had verified and opened it. */
  readonly read = new Map<string, number>();
  #seen: string | undefined;

  private constructor(name: string, device: Device) {
    this.name = name;
    this.device = device;
    device.client.subscribe(() => {
      this.#look();
    });
  }

  /** A fresh state directory, as `npm run client` makes it; `from` is the address it comes from. */
  static async start(
    name: string,
    folder: string,
    origin: string,
    from = '127.0.0.1',
  ): Promise<LoadMember> {
    const state = await StateDirectory.open(join(folder, name), () => Promise.resolve(name));
    const signal = new AbortController().signal;
    return new LoadMember(name, await Device.start(state, origin, new Output(true), signal, from));
  }

  get room(): string {
    return this.device.mission.conversations[0]?.cid ?? '';
  }

  /** Waits for something in the view; throws if it does not come. */
  async sees(what: string, ask: (view: Device['view']) => unknown): Promise<void> {
    const found = await this.device.sees(ask, patienceMs);
    if (!found) throw new Error(`${this.name} does not see: ${what}`);
  }

  /** Whether it can write and has nothing left to do. */
  async isReady(): Promise<void> {
    await this.sees('a room', ({ mission }) => (mission?.conversations.length ?? 0) > 0);
    await this.device.isDelivered(patienceMs);
  }

  /** Writes a marked message; resolves when the box has it. How long that took, and the disk, in ms. */
  async write(mark: string): Promise<{ keptMs: number; sentMs: number }> {
    const begun = nowMs();
    await this.device.client.send(this.room, mark);
    const keptMs = nowMs() - begun;
    await this.sent();
    return { keptMs, sentMs: nowMs() - begun };
  }

  /** Resolves when the box has confirmed all that this device wrote. */
  async sent(): Promise<void> {
    let isEmpty = false;
    const look = async (): Promise<void> => {
      isEmpty = (await this.device.state.records.list('out/')).length === 0;
    };
    await look();
    while (!isEmpty) {
      const before = this.device.view;
      await this.device.sees((view) => view !== before, 50);
      await look();
    }
  }

  /** Notes every marked message that can be read now. */
  lookAtAll(): void {
    for (const { text } of this.device.client.messages(this.room)) this.#note(text);
  }

  /** The list shows the newest; only where one is missing before it the whole room is looked at. */
  #look(): void {
    const last = this.device.view.mission?.conversations[0]?.last?.text;
    if (last === undefined || last === this.#seen) return;
    this.#seen = last;
    this.#note(last);
    const n = numberOf(last);
    if (n !== undefined && n > 0 && !this.read.has(markOf(n - 1))) this.lookAtAll();
  }

  #note(text: string): void {
    if (numberOf(text) !== undefined && !this.read.has(text)) this.read.set(text, nowMs());
  }
}

/** The text of a marked message. */
export function markOf(n: number): string {
  return `load ${n}`;
}

function numberOf(text: string): number | undefined {
  const found = /^load (\d+)$/.exec(text);
  return found ? Number(found[1]) : undefined;
}
