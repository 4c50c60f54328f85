import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isFingerprint } from '#protocol/codec/fingerprint.ts';
import { isAddress, namesIn } from './file-shelf.ts';
import { Part, type PartName } from './part.ts';

/**
 * Files that are on their way, `<party>/<device>/<address>.<total>`. Each device has its own
 * beginning of a file, so that nobody can spoil what another is sending.
 */
export class Quarantine {
  readonly #root: string;
  readonly #parts = new Map<string, Part>();

  /** Absolute path of the directory. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Looks what is on the disk; every file there is a part, up to the byte where it ends. */
  async load(): Promise<void> {
    this.#parts.clear();
    for (const party of await namesIn(this.#root)) {
      for (const device of await namesIn(join(this.#root, party))) {
        for (const name of await namesIn(join(this.#root, party, device))) {
          const [address, digits] = name.split('.');
          const total = Number(digits);
          const isOurs = isFingerprint(party) && isFingerprint(device) && isAddress(address);
          if (!isOurs || !Number.isSafeInteger(total)) continue;
          const path = join(this.#root, party, device, name);
          const { size, mtimeMs } = await stat(path);
          this.#set(new Part({ party, device, address, total }, path, size, mtimeMs));
        }
      }
    }
  }

  get parts(): Iterable<Part> {
    return this.#parts.values();
  }

  find(device: string, address: string): Part | undefined {
    return this.#parts.get(`${device} ${address}`);
  }

  /** A new part with nothing in it; nothing is on the disk yet. */
  begin(name: PartName, nowMs: number): Part {
    const path = join(this.#root, name.party, name.device, `${name.address}.${name.total}`);
    return this.#set(new Part(name, path, 0, nowMs));
  }

  /** The part has moved, or was removed. */
  forget({ device, address }: Part): void {
    this.#parts.delete(`${device} ${address}`);
  }

  #set(part: Part): Part {
    this.#parts.set(`${part.device} ${part.address}`, part);
    return part;
  }
}
