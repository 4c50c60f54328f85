import { setTimeout as pause } from 'node:timers/promises';
import type { BoxIdentity } from '#kernel/box-identity.ts';
import { systemClock as clock } from '#kernel/clock.ts';
import { dataRefusal } from '#kernel/data-directory.ts';
import { asRefusal } from '#kernel/refusal.ts';
import { composeFarewell, type Ground } from './composition.ts';
import {
  erase,
  forget,
  journalOf,
  readCertificate,
  type WipeDeps,
} from './services/teardown/index.ts';

/**
 * Finishes the end of a mission from where its journal stands: wipe, certificate, farewell, and the
 * keys last. Nothing of the mission runs meanwhile. True when a new mission may begin, which it may
 * at once if none was ending; false when `signal` stopped it, to go on at the next start.
 */
export async function finishEnding(
  ground: Ground,
  openIdentity: () => Promise<BoxIdentity>,
  signal: AbortSignal,
): Promise<boolean> {
  const { root } = ground.data;
  const path = (below: string): string => ground.data.path(below);
  const journal = journalOf(path);
  const deps: WipeDeps = { root, path, journal, now: () => clock.now() };
  let at = await journal.read();
  if (!at) return true;
  ground.log.info({ step: at.step }, 'the mission is being wiped');
  try {
    if (at.step !== 'keys') {
      const identity = await openIdentity();
      await erase(deps, at, identity, signal);
      await farewell(ground, identity, await readCertificate(path), signal);
      signal.throwIfAborted();
      at = (await journal.read()) ?? at;
    }
    await forget(deps, at);
  } catch (error) {
    if (signal.aborted) return false;
    throw asRefusal(error) ?? dataRefusal(root, error);
  }
  ground.log.info({}, 'the mission is wiped; the box begins anew');
  return true;
}

/** Shows the certificate for a while, since browsers know this box by its old keys. */
async function farewell(
  ground: Ground,
  identity: BoxIdentity,
  certificate: Uint8Array | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { farewellSeconds } = ground.config.teardown;
  if (!certificate || farewellSeconds === 0) return;
  const gateway = composeFarewell(ground, identity, certificate);
  try {
    await gateway.start(signal);
    await pause(farewellSeconds * 1000, undefined, { signal }).catch(() => {
      // The box stops: the farewell is said again at the next start.
    });
  } finally {
    await gateway.stop();
  }
}
