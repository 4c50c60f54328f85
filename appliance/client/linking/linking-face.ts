import { readCode } from '#protocol/mission/code.ts';
import { ClosingFace } from '../closing/closing-face.ts';
import { problem } from '../problem.ts';
import type { LinkingCommands } from './linking-model.ts';

/** The commands about a person's own devices, as a screen gives them. */
export abstract class LinkingFace extends ClosingFace implements LinkingCommands {
  linkThisDevice(): Promise<void> {
    return this.commands.run((stages) => stages.beLinked());
  }

  linkDevice(code: string): Promise<void> {
    return this.commands.inside(async ({ linking }) => {
      const read = readCode(code);
      if (!read.ok) throw problem('CODE_UNREADABLE', new Error(read.why));
      if (read.value.kind !== 'device') throw problem('CODE_NO_DEVICE');
      await linking.begin(read.value);
    });
  }

  compareDevices(matches: boolean, withParty = false): Promise<void> {
    return this.commands.run(async ({ linked, mission, signal }) => {
      if (linked) await linked.compare(matches, signal);
      else if (mission) await mission.linking.compare(matches, withParty);
      else throw problem('LINK_GONE');
    });
  }

  leaveLinking(): Promise<void> {
    return this.commands.run(async (stages) => {
      if (stages.linked) await stages.leave();
      else await stages.mission?.linking.leave();
    });
  }

  retireDevice(id: string): Promise<void> {
    return this.commands.inMission(({ linking }) => linking.retire(id));
  }
}
