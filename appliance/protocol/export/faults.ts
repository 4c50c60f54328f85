/** Something in a record that is not as it must be. */
export interface Fault {
  /** Stable, for words of one's own; the README lists them. */
  code: FaultCode;
  /** One plain sentence: no content, no names. */
  says: string;
}

export type FaultCode =
  | 'bundle-damaged'
  | 'bundle-differs'
  | 'commit-refused'
  | 'commit-waits'
  | 'file-damaged'
  | 'mission-damaged'
  | 'reader-differs'
  | 'readme-differs'
  | 'receipts-broken'
  | 'receipts-differ'
  | 'root-differs'
  | 'signers-differ'
  | 'status-differs';

/** Faults that are listed; more would fill the memory of whoever checks a record of rubbish. */
const mostFaults = 256;

/** What a check has found so far. */
export class Faults {
  readonly list: Fault[] = [];

  add(code: FaultCode, says: string): void {
    if (this.list.length < mostFaults) this.list.push({ code, says });
  }
}

/** A swarm in a sentence. */
export function called(cid: string): string {
  return `swarm ${cid.slice(0, 8)}…`;
}
