import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkedEngine } from '../../../../appliance/terminal/platform/node-engine.ts';
import { nodeZlib } from '../../../../appliance/terminal/platform/node-zlib.ts';
import { StateDirectory } from '../../../../appliance/terminal/state/state-directory.ts';
import type { MadeSwarm } from './made-swarm.ts';
import { PlainNetwork } from './plain-network.ts';
import { cloneSwarm, type Cloned } from './reading-device.ts';

/** A headless client's storage with a cloned conversation. */
export interface NodeDevice extends Cloned {
  /** Bytes of all bodies that it fetched. */
  received: number;
  /** Bytes that its state directory takes. */
  diskBytes(): Promise<number>;
  remove(): Promise<void>;
}

/** Clones with what the headless client lends in Node; everything is sealed and on the disk. */
export async function cloneInNode(origin: string, made: MadeSwarm): Promise<NodeDevice> {
  const root = await mkdtemp(join(tmpdir(), 'parley-bench-device-'));
  const state = await StateDirectory.open(root, () => Promise.resolve('bench'));
  const engine = await checkedEngine();
  const { dfp: device, mfp: member, pfp: party } = made.reader;
  const network = new PlainNetwork(origin, { device, member, party });
  const lent = { engine, network, zlib: nodeZlib, storage: state, keys: state.keys };
  const cloned = await cloneSwarm(lent, made);
  if (cloned.lines !== made.messages) throw new Error(`${cloned.lines} of ${made.messages} lines`);
  return {
    ...cloned,
    received: network.received,
    diskBytes: () => diskBytes(root),
    remove: async () => {
      await state.release();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Bytes of the disk that a folder's files take, in whole blocks. */
export async function diskBytes(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(names.map((name) => stat(join(folder, name))));
  return sizes.reduce((sum, { blocks }) => sum + blocks * 512, 0);
}
