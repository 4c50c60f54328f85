import { seeded } from '../../seeded.ts';

const words =
  'water bridge road north camp boat people the of and at is has seen need help by night two tents road closed rain until morning please bring blankets who can drive to school hall now'.split(
    ' ',
  );

/** The messages of a made-up conversation: repeatable, one to forty words, most of them short. */
export class Story {
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  /** A whole number below `n`. */
  below(n: number): number {
    return Math.floor(this.random() * n);
  }

  /** One of these. Throws where there is none. */
  pick<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }

  text(): string {
    const length = 1 + Math.floor(40 * this.random() ** 3);
    return Array.from({ length }, () => this.pick(words)).join(' ');
  }
}
