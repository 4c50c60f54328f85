import { frameHashBytes } from '#protocol/media/digest.ts';

/** What a digest lists for a frame as it is sent (W5): the start of its SHA-256. */
export async function frameHash(sealed: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', sealed)).slice(0, frameHashBytes);
}
