import type { Mission } from './mission.ts';
import { problem, shown } from './problem.ts';
import type { OpenRoom } from './rooms.ts';
import type { Stages } from './stages.ts';

/** Runs what a person asks for, where it can be asked for; rejects with `ClientProblem` only. */
export class Commands {
  readonly #stages: () => Stages | undefined;

  constructor(stages: () => Stages | undefined) {
    this.#stages = stages;
  }

  /** Runs one command; whatever goes wrong in it is said in words. */
  async run<T>(work: (stages: Stages) => Promise<T>): Promise<T> {
    const stages = this.#stages();
    if (!stages) throw problem('NOT_STARTED');
    try {
      return await work(stages);
    } catch (error) {
      throw shown(error);
    } finally {
      stages.refresh();
    }
  }

  /** A command in the mission: what it wrote is sent at once if the box is there. */
  inMission<T>(work: (mission: Mission, stages: Stages) => Promise<T>): Promise<T> {
    return this.run(async (stages) => {
      const { mission } = stages;
      if (!mission) throw problem('NOT_IN_MISSION');
      const result = await work(mission, stages);
      mission.ring();
      return result;
    });
  }

  /** A command that writes nothing by itself. */
  inside<T>(work: (mission: Mission) => T | Promise<T>): Promise<T> {
    return this.run(async ({ mission }) => {
      if (!mission) throw problem('NOT_IN_MISSION');
      return work(mission);
    });
  }

  /** A command in a conversation that is here. */
  inRoom(cid: string, work: (open: OpenRoom, mission: Mission) => Promise<unknown>): Promise<void> {
    return this.inMission(async (mission) => {
      const open = mission.rooms.get(cid);
      if (!open?.room.swarm.isKnown) throw problem('NO_CONVERSATION');
      await work(open, mission);
    });
  }
}
