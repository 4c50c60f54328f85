import { draw } from '../../../web/draw.tsx';
import { prefer } from '../../../web/session/preferences.ts';
import { scenes } from './scenes.ts';
import { ScriptedClient } from './scripted-client.ts';

// `?scene=chat&language=ar&theme=dark#/…` shows one screen without an engine.
const asked = new URLSearchParams(location.search);
const scene = scenes[asked.get('scene') ?? 'welcome'];
if (!scene) throw new Error('no such scene');
if (asked.has('language')) prefer({ language: asked.get('language') ?? 'en' });
if (asked.has('theme')) prefer({ theme: asked.get('theme') === 'dark' ? 'dark' : 'light' });
if (asked.has('contrast')) prefer({ contrast: true });
if (scene.route) history.replaceState(null, '', `#${scene.route}`);
const client = new ScriptedClient(scene);
Object.assign(globalThis, { client });
await draw(client, undefined);
