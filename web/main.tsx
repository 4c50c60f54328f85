import { draw } from './draw.tsx';
import { createBrowserClient } from './engine/browser-client.ts';
import { takeJoinCode } from './session/arrival.ts';

// First of all, before any request: a secret must not stay in the address bar (J1).
const arrival = takeJoinCode(window);
const client = createBrowserClient();
await draw(client, arrival);
await client.start();
