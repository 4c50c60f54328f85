/** What the swarm service tells the rest of the box; main.ts publishes it through the broker. */
export interface SwarmFacts {
  /** A device's newest commit in a swarm, after a push and again after each start. */
  head: HeadFact;
  /** Claims of a party changed; the devices are those of its leads. */
  claim: { party: string; devices: readonly string[] };
  /** These devices may see a swarm that they could not see before. */
  swarm: { cid: string; devices: readonly string[] };
  /** The mission exists from now on. */
  mission: { cid: string };
}

/** A device's newest commit: `n` is the number of commits in the swarm, for "something is missing". */
export interface HeadFact {
  cid: string;
  device: string;
  oid: string;
  sid: string;
  q: number;
  n: number;
}
