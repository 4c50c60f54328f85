/** Most addresses in one signal; each costs the other a check. */
export const maxCandidates = 32;

/** An address as ICE writes it, and the part of the description it belongs to. */
export interface Candidate {
  a: string;
  i: number;
  mid: string;
}

/**
 * The candidates that may be tried: addresses in numbers, of the device itself or of a relay. A
 * name would make this device ask for it, and so tell strangers that it is being called.
 */
export function usableCandidates(candidates: readonly Candidate[]): Candidate[] {
  return candidates.slice(0, maxCandidates).filter(({ a }) => isUsable(a));
}

/** SDP without candidates in it: they come by themselves and are looked at one by one. */
export function withoutCandidates(sdp: string): string {
  return sdp
    .split(/\r?\n/)
    .filter((line) => !/^a=(candidate:|end-of-candidates)/.test(line))
    .join('\r\n');
}

function isUsable(line: string): boolean {
  const [foundation = '', , , , address = '', port = '', typ, kind = ''] = line.trim().split(' ');
  if (!foundation.startsWith('candidate:') || typ !== 'typ') return false;
  return isLiteral(address) && /^\d{1,5}$/.test(port) && (kind === 'host' || kind === 'relay');
}

function isLiteral(address: string): boolean {
  const isFour =
    /^\d{1,3}(\.\d{1,3}){3}$/.test(address) &&
    address.split('.').every((part) => Number(part) < 256);
  // What has a colon in it and nothing but hexadecimal is no name; ICE itself checks the rest.
  return isFour || (address.includes(':') && /^[0-9a-f:.]{2,45}$/i.test(address));
}
