import { createHmac } from 'node:crypto';

/** `expiry:pseudonym`; nothing else is ever looked up, so no word of the language is a user. */
const USERNAME = /^(\d{10}):([0-9a-f]{32})$/;

/** A time-limited user name and password, as the TURN REST draft has them. */
export interface Credential {
  username: string;
  credential: string;
}

/**
 * Credentials that any server holding `secret` can check without a list
 * (draft-uberti-behave-turn-rest-00). The pseudonym is the same for one device while
 * the secret lasts, so that quotas hold, and says nothing to others.
 */
export function issueCredential(secret: Buffer, device: string, expirySeconds: number): Credential {
  const pseudonym = createHmac('sha256', secret).update(`device ${device}`).digest('hex');
  const username = `${expirySeconds}:${pseudonym.slice(0, 32)}`;
  return { username, credential: passwordFor(secret, username) };
}

/** The pseudonym in a user name that is well-formed and not expired; undefined for any other. */
export function pseudonymOf(username: string, nowMs: number): string | undefined {
  const [, expiry, pseudonym] = USERNAME.exec(username) ?? [];
  return Number(expiry) * 1000 > nowMs ? pseudonym : undefined;
}

/** The password of a valid user name; undefined for any other. */
export function passwordOf(secret: Buffer, username: string, nowMs: number): string | undefined {
  return pseudonymOf(username, nowMs) === undefined ? undefined : passwordFor(secret, username);
}

function passwordFor(secret: Buffer, username: string): string {
  return createHmac('sha1', secret).update(username).digest('base64');
}
