import { browserEngine } from '../../../../../web/engine/browser-engine.ts';
import { BrowserKeys } from '../../../../../web/engine/browser-keys.ts';
import { BrowserStorage } from '../../../../../web/engine/browser-storage.ts';
import { pakoZlib } from '../../../../../web/engine/pako-zlib.ts';
import type { MadeSwarm } from '../made-swarm.ts';
import { PlainNetwork } from '../plain-network.ts';
import { cloneSwarm, type Cloned, type Task } from '../reading-device.ts';

/** Clones with what the app lends in a browser; storage is that of a fresh profile. */
async function clone(task: Pick<MadeSwarm, keyof Task>): Promise<Omit<Cloned, 'room' | 'sync'>> {
  const storage = new BrowserStorage('bench');
  await storage.open();
  const { dfp: device, mfp: member, pfp: party } = task.reader;
  const network = new PlainNetwork(location.origin, { device, member, party });
  const keys = new BrowserKeys(() => storage.database());
  const engine = await browserEngine();
  const lent = { network, engine, zlib: pakoZlib, storage, keys };
  const { commits, lines, newestMs, wholeMs } = await cloneSwarm(lent, task);
  await storage.close();
  return { commits, lines, newestMs, wholeMs };
}

Object.assign(window, { clone });
