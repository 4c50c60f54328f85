/** What the box tells its neighbours. */
export interface Announcement {
  /** Name of this instance, unique in the network: `Parley 3f9a1c20`. */
  name: string;
  /** `parley.local`, answered with all IPv4 addresses of the machine. */
  hostName: string;
  /** Port of the app over HTTPS. */
  port: number;
  /** Public facts (RFC 6763 §6); everybody in the network can read them. */
  facts: Readonly<Record<string, string>>;
}

/** An announcement that is out. */
export interface Announced {
  /** Whether the network has carried it; false where multicast is blocked. */
  isHeard(): boolean;
  /** Why it cannot be announced, as the system put it; undefined while all is well. */
  problem(): string | undefined;
  /** Takes it back. Idempotent, never rejects. */
  end(): Promise<void>;
}

/** Multicast DNS, whatever library speaks it. */
export interface Announcer {
  announce(announcement: Announcement): Announced;
}
