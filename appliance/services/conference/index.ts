import { ConferenceService, type ConferenceServiceDeps } from './conference-service.ts';
import type { ConferenceConfig } from './config.ts';
import { MediasoupSfu } from './mediasoup-sfu.ts';

export { conferenceConfig, sfuPorts, type ConferenceConfig } from './config.ts';
export type { ConferenceService } from './conference-service.ts';

/** What conferences need from the rest of the box. */
export type ConferenceDeps = Omit<ConferenceServiceDeps, 'sfu'>;

/** Makes the conference service; nothing is opened before `start`. */
export function createConference(
  deps: ConferenceDeps,
  config: ConferenceConfig,
): ConferenceService {
  return new ConferenceService({ sfu: new MediasoupSfu(), ...deps }, config);
}
