import type { ClosingCommands, VoteView } from '../closing-model.ts';
import type { Commands } from '../commands.ts';
import { problem } from '../problem.ts';

/** The commands about votes and the end, as a screen gives them. */
export abstract class ClosingFace implements ClosingCommands {
  protected abstract readonly commands: Commands;

  proposeVote(_about: VoteView['about']): Promise<void> {
    return this.commands.inMission(() => Promise.reject(problem('VOTE_GONE')));
  }

  vote(_id: string, _choice: 'yes' | 'no' | 'withdraw'): Promise<void> {
    return this.commands.inMission(() => Promise.reject(problem('VOTE_GONE')));
  }

  giveUpDevices(): Promise<void> {
    return this.#closing();
  }

  fetchRecord(): Promise<void> {
    return this.#closing();
  }

  recordFile(): Promise<unknown> {
    return this.#closing();
  }

  signReceipt(): Promise<void> {
    return this.#closing();
  }

  disputeRecord(_why: 'damaged' | 'differs' | 'missing' | 'refused'): Promise<void> {
    return this.#closing();
  }

  goOnWithout(_slot: number): Promise<void> {
    return this.#closing();
  }

  certificateText(): Promise<string> {
    return this.#closing();
  }

  keyFile(_passphrase: string): Promise<{ name: string; text: string }> {
    return this.#closing();
  }

  keyCard(): Promise<string> {
    return this.#closing();
  }

  leaveMission(): Promise<void> {
    return this.#closing();
  }

  #closing(): Promise<never> {
    return this.commands.inMission(() => Promise.reject(problem('CLOSING_NOT_YET')));
  }
}
