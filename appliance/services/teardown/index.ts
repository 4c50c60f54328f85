import type { TeardownConfig } from './config.ts';
import { TeardownService, type TeardownServiceDeps } from './teardown-service.ts';

export { teardownConfig, type TeardownConfig } from './config.ts';
export { wasSealed } from './record/seal.ts';
export type { TeardownService } from './teardown-service.ts';
export { farewellRoutes, readCertificate } from './wipe/certificate.ts';
export { journalOf, type Journal } from './wipe/journal.ts';
export { erase, forget, type WipeDeps } from './wipe/wipe.ts';

/** What the teardown service needs from the rest of the box. */
export type TeardownDeps = TeardownServiceDeps;

/** Makes the teardown service; nothing is read before `start`. */
export function createTeardown(deps: TeardownDeps, config: TeardownConfig): TeardownService {
  return new TeardownService(deps, config);
}
