import { Client } from '#client/client.ts';
import type { ParleyClient } from '#client/model.ts';
import { browserClock } from './browser-clock.ts';
import { browserEngine } from './browser-engine.ts';
import { BrowserKeys } from './browser-keys.ts';
import { BrowserNetwork } from './browser-network.ts';
import { BrowserStorage } from './browser-storage.ts';
import { browserCalls } from './calls/browser-calls.ts';
import { browserFiles } from './files/browser-files.ts';
import { onHide } from './page-hiding.ts';
import { pakoZlib } from './pako-zlib.ts';
import { TabPlace } from './tab-place.ts';

/** One name for everything a browser profile keeps of this box's origin. */
const name = 'parley';

/** The client engine for the box that served this page. Opens nothing before `start`. */
export function createBrowserClient(): ParleyClient {
  const storage = new BrowserStorage(name);
  const calls = browserCalls();
  return new Client({
    clock: browserClock,
    network: new BrowserNetwork(location.origin),
    storage,
    keys: new BrowserKeys(() => storage.database()),
    engine: browserEngine,
    zlib: pakoZlib,
    place: new TabPlace(name),
    files: browserFiles(() => storage.database()),
    onHide,
    ...(calls && { calls }),
  });
}
