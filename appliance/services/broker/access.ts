/** Who logs in. The gateway's sessions implement it. */
export interface Logins {
  /**
   * The device that proved itself, or undefined. `clientId` is a device fingerprint,
   * `username` a session id, `password` the proof made in that session (A4). Counts
   * as used: the same proof must not be good twice.
   */
  verify(clientId: string, username: string, password: Uint8Array): { device: string } | undefined;
}

/** What a device may do with a topic now. Asked again for each message, so that a lost right ends at once. */
export interface Topics {
  /** May this device send to this topic? */
  mayPublish(device: string, topic: string): boolean;
  /** May this device subscribe to this filter? */
  mayFilter(device: string, filter: string): boolean;
  /** May this device be given a message of this topic? */
  mayReceive(device: string, topic: string): boolean;
}

/** What topic rights follow from. The swarm service implements it from its refs. */
export interface Membership {
  /** The member (fingerprint) behind a device of the mission; undefined when unknown, revoked or banned. */
  member(device: string): { member: string } | undefined;
  /** May the device see the swarm whose topic name is `tp`? */
  maySeeTopic(device: string, tp: string): boolean;
}
