import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '#kernel/log.ts';
import {
  createFiles,
  filesConfig,
  type FilesService,
} from '../../appliance/services/files/index.ts';
import { FakeClock } from './fake-clock.ts';
import { gatewayBox, type GatewayBox, type Reply } from './gateway-box.ts';
import { GatewayDevice } from './gateway-device.ts';

export const MiB = 1_048_576;
const nobody = new Uint8Array();
const never = new AbortController().signal;

/** A fingerprint that reads like a name. */
export function fp(name: string): string {
  return name.padEnd(52, 'a');
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha512').update(bytes).digest('hex');
}

export function codeOf(reply: Reply): unknown {
  return reply.json()['code'];
}

/** Names of all files below a directory; none if it is not there. */
export async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

/** The service behind a real gateway, with people who are logged in. */
export class FilesBox {
  readonly directory: string;
  readonly clock = new FakeClock();
  service!: FilesService;
  gateway!: GatewayBox;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** Starts on a directory of its own, or on this one. */
  static async start(config: object = {}, directory?: string): Promise<FilesBox> {
    const at = directory ?? (await mkdtemp(join(tmpdir(), 'parley-files-')));
    const box = new FilesBox(at);
    await box.open(config);
    return box;
  }

  /** A new process on the same disk. */
  async restart(config: object = {}): Promise<void> {
    await this.stop();
    await this.open(config);
  }

  async stop(): Promise<void> {
    await this.gateway.close();
    await this.service.stop();
  }

  /** Stops and removes everything. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.directory, { recursive: true });
  }

  /** Somebody of a party, logged in; `before` is the same device before a restart. */
  async device(member: string, party: string, before?: GatewayDevice): Promise<GatewayDevice> {
    const { signer, dfp } = before ?? new GatewayDevice(this.gateway);
    const made = Object.assign(new GatewayDevice(this.gateway), { signer, dfp });
    this.gateway.devices.set(dfp, { key: signer.publicKey, member: fp(member), party: fp(party) });
    return made.logIn();
  }

  ask(
    who: GatewayDevice,
    method: string,
    path: string,
    extra: Record<string, string> = {},
    body: Uint8Array = nobody,
  ): Promise<Reply> {
    const headers = { ...who.headers(method, path, body), ...extra };
    return this.gateway.ask(method, path, { headers, body });
  }

  /** Sends the bytes of `whole` from `from` up to `to`. */
  put(
    who: GatewayDevice,
    whole: Uint8Array,
    from: number,
    to: number,
    address = hashOf(whole),
  ): Promise<Reply> {
    const range = `bytes ${from}-${to - 1}/${whole.length}`;
    const part = whole.subarray(from, to);
    return this.ask(who, 'PUT', `/v1/f/${address}`, { 'content-range': range }, part);
  }

  /** All of it; the last answer, or the first refusal. */
  async upload(who: GatewayDevice, whole: Uint8Array, step = 4 * MiB): Promise<Reply> {
    for (let at = 0; ; at += step) {
      const reply = await this.put(who, whole, at, Math.min(at + step, whole.length));
      if (reply.status !== 200 || at + step >= whole.length) return reply;
    }
  }

  head(who: GatewayDevice, address: string): Promise<Reply> {
    return this.ask(who, 'HEAD', `/v1/f/${address}`);
  }

  get(who: GatewayDevice, address: string, range?: string): Promise<Reply> {
    return this.ask(who, 'GET', `/v1/f/${address}`, range === undefined ? {} : { range });
  }

  async open(config: object = {}): Promise<void> {
    const { clock, directory } = this;
    const path = (below: string): string => join(directory, below);
    const settings = filesConfig.parse({ keepFreeBytes: 0, idleHours: 8760, ...config });
    const deps = { path, partiesCount: () => 2, clock, log: silentLogger };
    this.service = createFiles(deps, settings);
    await this.service.start(never);
    this.gateway = await gatewayBox({}, this.service.routes);
  }
}
