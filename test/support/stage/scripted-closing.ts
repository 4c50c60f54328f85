import type { ClosingCommands, ClosingView, VoteView } from '#client/closing-model.ts';
import type { ClientView, MissionView } from '#client/model.ts';

/** Votes and the end as the scripted engine plays them. */
export abstract class ScriptedClosing implements ClosingCommands {
  abstract view(): ClientView;
  abstract show(change: Partial<ClientView>): void;
  protected abstract note(...command: readonly unknown[]): Promise<void>;

  async proposeVote(about: VoteView['about']): Promise<void> {
    await this.note('proposeVote', about);
    const mine = this.view().mission?.me.slot ?? 0;
    const vote: VoteView = {
      id: `v${this.#votes().length}`,
      about,
      yes: [mine],
      no: [],
      units: [0, 1, 2, 3],
      threshold: 'two-thirds',
      needed: 3,
      state: 'open',
      proposedBy: mine,
      mine: 'yes',
      canVote: true,
    };
    this.#change({ votes: [vote, ...this.#votes()] });
  }
  async vote(id: string, choice: 'yes' | 'no' | 'withdraw'): Promise<void> {
    await this.note('vote', id, choice);
    const mine = this.view().mission?.me.slot ?? 0;
    const change = (vote: VoteView): VoteView => {
      const { mine: _, ...rest } = vote;
      const yes = vote.yes.filter((slot) => slot !== mine);
      const no = vote.no.filter((slot) => slot !== mine);
      if (choice === 'withdraw') return { ...rest, yes, no };
      return choice === 'yes'
        ? { ...rest, mine: 'yes', yes: [...yes, mine], no }
        : { ...rest, mine: 'no', yes, no: [...no, mine] };
    };
    this.#change({ votes: this.#votes().map((vote) => (vote.id === id ? change(vote) : vote)) });
  }
  giveUpDevices(): Promise<void> {
    return this.note('giveUpDevices');
  }
  async fetchRecord(): Promise<void> {
    await this.note('fetchRecord');
    const { record } = this.view().mission?.closing ?? {};
    const found = { conversations: 3, commits: 8102, signatures: 8214, files: 41 };
    if (record) this.#end({ record: { ...record, state: 'held', found }, canSign: true });
  }
  async recordFile(): Promise<unknown> {
    await this.note('recordFile');
    return new Blob(['record']);
  }
  async signReceipt(): Promise<void> {
    await this.note('signReceipt');
    this.#end({ receipt: 'wanted' });
  }
  disputeRecord(why: 'damaged' | 'differs' | 'missing' | 'refused'): Promise<void> {
    return this.note('disputeRecord', why);
  }
  goOnWithout(slot: number): Promise<void> {
    return this.note('goOnWithout', slot);
  }
  async certificateText(): Promise<string> {
    await this.note('certificateText');
    return '{}';
  }
  async keyFile(passphrase: string): Promise<{ name: string; text: string }> {
    await this.note('keyFile', passphrase);
    return { name: 'keys of Sara.json', text: '{}' };
  }
  async keyCard(): Promise<string> {
    await this.note('keyCard');
    return `parley-card-1.${'eyJjaWQi'.repeat(30)}`;
  }
  async leaveMission(): Promise<void> {
    await this.note('leaveMission');
    this.show({ stage: 'welcome', box: { hasMission: false, hasFounding: false } });
  }

  #votes(): readonly VoteView[] {
    return this.view().mission?.votes ?? [];
  }
  #end(change: Partial<ClosingView>): void {
    const { closing } = this.view().mission ?? {};
    if (closing) this.#change({ closing: { ...closing, ...change } });
  }
  #change(change: Partial<MissionView>): void {
    const { mission } = this.view();
    if (mission) this.show({ mission: { ...mission, ...change } });
  }
}
