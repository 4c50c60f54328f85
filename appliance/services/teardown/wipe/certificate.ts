import { readFile } from 'node:fs/promises';
import type { Route } from '#kernel/route.ts';
import { systemCode } from '#kernel/refusal.ts';
import { refuseWith } from '../errors.ts';

/** On the top of the data directory: it outlives the mission, its keys and the next mission. */
export const certificateName = 'last-certificate.json';

/** The certificate of the last wipe as the box signed it; undefined if there was none. */
export async function readCertificate(
  path: (below: string) => string,
): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await readFile(path(certificateName)));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** `GET /v1/end/certificate`: open, since those whom it concerns have no mission any more. */
export function certificateRoute(certificate: () => Uint8Array | undefined): Route {
  return {
    method: 'GET',
    path: '/v1/end/certificate',
    access: 'open',
    maxBodyBytes: 0,
    handle: async () => {
      const bytes = certificate();
      if (!bytes) return refuseWith('TEARDOWN_CERTIFICATE_NONE', 404);
      return { bytes, type: 'application/json' };
    },
  };
}

/** The doors of a box that has wiped its mission and still is who it was. */
export function farewellRoutes(certificate: () => Uint8Array | undefined): Route[] {
  return [
    certificateRoute(certificate),
    {
      method: 'GET',
      path: '/v1/end/state',
      access: 'open',
      maxBodyBytes: 0,
      handle: async () => ({ json: { step: 'wiped', waited: 0 } }),
    },
  ];
}
