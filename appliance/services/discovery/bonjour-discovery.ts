import { Bonjour } from 'bonjour-service';
import type { EventEmitter } from 'node:events';
import type { Announced, Announcement, Announcer } from './announcer.ts';

/** What of the socket below the library is needed; the library's types leave it out. */
interface Internals {
  server: { mdns: EventEmitter };
}

interface Response {
  answers: { name: string }[];
}

/** How long a goodbye may take (RFC 6762 §10.1); a network that is gone takes none. */
const goodbyeMs = 500;

/** Announces with bonjour-service. */
export const bonjourAnnouncer: Announcer = {
  announce: (announcement) => announce(announcement),
};

function announce({ name, hostName, port, facts }: Announcement): Announced {
  let problem: string | undefined;
  let isHeard = false;
  let end: Promise<void> | undefined;
  const note = (error: unknown): void => {
    problem = error instanceof Error ? error.message : String(error);
  };
  const bonjour = new Bonjour({}, note);
  const { mdns } = (bonjour as unknown as Internals).server;
  // Without a listener the library would bring the whole process down.
  mdns.on('error', note);
  const service = bonjour.publish({
    name,
    type: 'parley',
    protocol: 'tcp',
    port,
    host: hostName,
    txt: { ...facts },
    // The library would print a conflict to standard output; the name is unique anyway.
    probe: false,
    // It would announce link-local addresses, which no browser can open.
    disableIPv6: true,
  });
  // Multicast loops back to the sender, so our own words prove that it works.
  mdns.on('response', (response: Response) => {
    if (response.answers.some((answer) => answer.name === service.fqdn)) isHeard = true;
  });
  return {
    isHeard: () => isHeard,
    problem: () => problem,
    end: () => (end ??= takeBack(bonjour)),
  };
}

async function takeBack(bonjour: Bonjour): Promise<void> {
  await inTime((done) => bonjour.unpublishAll(done));
  await inTime((done) => bonjour.destroy(done));
}

function inTime(act: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, goodbyeMs);
    act(() => {
      clearTimeout(late);
      resolve();
    });
  });
}
