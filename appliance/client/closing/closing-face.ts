import { keyCardOf, keyFileOf, ownKeys } from '../archive/own-keys.ts';
import type { ClosingCommands, VoteView } from '../closing-model.ts';
import type { Commands } from '../commands.ts';
import { SearchFace } from '../search/search-face.ts';

/** The commands about votes and the end, as a screen gives them. */
export abstract class ClosingFace extends SearchFace implements ClosingCommands {
  protected abstract readonly commands: Commands;

  proposeVote(about: VoteView['about']): Promise<void> {
    return this.commands.inMission(({ votes }) => votes.propose(about));
  }

  vote(id: string, choice: 'yes' | 'no' | 'withdraw'): Promise<void> {
    return this.commands.inMission(({ votes }) => votes.vote(id, choice));
  }

  giveUpDevices(): Promise<void> {
    return this.commands.inMission(({ closing }) => closing.sync.giveUp());
  }

  fetchRecord(): Promise<void> {
    return this.commands.inMission(({ closing }) => closing.fetch());
  }

  recordFile(): Promise<unknown> {
    return this.commands.inside(({ closing }) => closing.copy.file());
  }

  signReceipt(): Promise<void> {
    return this.commands.inMission(({ closing }) => closing.receipts.sign());
  }

  disputeRecord(why: 'damaged' | 'differs' | 'missing' | 'refused'): Promise<void> {
    return this.commands.inMission(({ closing }) => closing.receipts.dispute(why));
  }

  goOnWithout(slot: number): Promise<void> {
    return this.commands.inMission(({ closing }) => closing.waiting.goOnWithout(slot));
  }

  certificateText(): Promise<string> {
    return this.commands.inside(({ closing }) => closing.certificate.text());
  }

  keyFile(passphrase: string): Promise<{ name: string; text: string }> {
    return this.commands.inside((mission) =>
      keyFileOf(mission.engine, ownKeys(mission), passphrase),
    );
  }

  keyCard(): Promise<string> {
    return this.commands.inside((mission) => keyCardOf(ownKeys(mission)));
  }

  leaveMission(): Promise<void> {
    return this.commands.run((stages) => stages.leaveMission());
  }
}
