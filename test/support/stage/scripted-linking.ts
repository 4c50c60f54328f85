import type { LinkingCommands } from '#client/linking/linking-model.ts';
import { ScriptedClosing } from './scripted-closing.ts';

/** A person's own devices as they are on the stage: commands are noted, and nothing is linked. */
export abstract class ScriptedLinking extends ScriptedClosing implements LinkingCommands {
  linkThisDevice(): Promise<void> {
    return this.note('linkThisDevice');
  }
  linkDevice(code: string): Promise<void> {
    return this.note('linkDevice', code);
  }
  compareDevices(matches: boolean, withParty = false): Promise<void> {
    return this.note('compareDevices', matches, withParty);
  }
  leaveLinking(): Promise<void> {
    return this.note('leaveLinking');
  }
  retireDevice(id: string): Promise<void> {
    return this.note('retireDevice', id);
  }
}
