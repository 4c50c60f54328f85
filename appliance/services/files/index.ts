import type { FilesConfig } from './config.ts';
import { FilesService, type FilesServiceDeps } from './files-service.ts';

export { filesConfig, type FilesConfig } from './config.ts';
export type { FilesService } from './files-service.ts';

/** What the files service needs from the rest of the box. */
export type FilesDeps = FilesServiceDeps;

/** Makes the files service; nothing is read before `start`. */
export function createFiles(deps: FilesDeps, config: FilesConfig): FilesService {
  return new FilesService(deps, config);
}
