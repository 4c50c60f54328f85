/** Something that does not hold: where, by which rule, in words. */
export interface Fault {
  /** Commit, file or paper. */
  readonly where: string;
  readonly rule: string;
  readonly why: string;
}

/** What does not hold, as it is found; checks go on after a fault. */
export class Faults {
  readonly list: Fault[] = [];

  add(where: string, rule: string, why: string): void {
    // Enough to see what is wrong; a record made of rubbish must not fill the memory.
    if (this.list.length < 1000) this.list.push({ where, rule, why });
  }
}
