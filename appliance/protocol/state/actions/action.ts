import type { Engine } from '../../ports.ts';
import type { Verdict } from '../../verdict.ts';
import type { Act, Scene } from '../kind.ts';
import type { ResolveX } from '../kinds/resolve.ts';
import type { MissionState } from '../mission-state.ts';

/** What a ballot or resolution says; a ballot lists no votes and introduces nobody. */
export type Said = Omit<ResolveX, 'votes'>;

/** Something that the parties of a mission can decide. */
export interface Action {
  /** Whether it can be asked now: class and target, and not the author's own (R25). */
  applies(scene: Scene<MissionState>, said: Said): Verdict;
  /** Whether these units carry it, where another rule than the charter's threshold says so. */
  suffices?(scene: Scene<MissionState>, voted: ReadonlySet<string>): boolean;
  /** What a resolution must bring along beside the votes. */
  complete?(scene: Scene<MissionState>, said: Said): Verdict;
  /** Signatures in what it brings. */
  prove?(engine: Engine, scene: Scene<MissionState>, said: Said): Promise<Verdict>;
  /** What a resolution that stands does. */
  carry(state: MissionState, act: Act, resolution: ResolveX): MissionState;
}
