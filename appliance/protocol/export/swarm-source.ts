import type { MissionReplica, RoomReplica } from '../admit/replica.ts';
import type { GitObject } from '../pack/object.ts';

/** One swarm, as whoever writes a record has it: exactly the commits that are to be in it. */
export interface SwarmSource {
  cid: string;
  replica: MissionReplica | RoomReplica;
  /** A tree or blob of its commits, by object name; undefined if it is lost. */
  read(oid: string): Promise<GitObject | undefined>;
}
