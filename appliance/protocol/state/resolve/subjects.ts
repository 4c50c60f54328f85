import type { Author } from '../op.ts';
import { subject, type Class } from '../removal.ts';

/** Keys of all that a removal of the author can be about. */
export function subjectsOf({ device, member, party }: Author): string[] {
  const of: [Class, string][] = [
    ['device', device],
    ['member', member],
    ['party', party],
  ];
  return of.map(([cls, fingerprint]) => subject(cls, fingerprint));
}

/** Whether the key of a removal names a party. */
export function isPartySubject(key: string): boolean {
  return key.startsWith('party ');
}
