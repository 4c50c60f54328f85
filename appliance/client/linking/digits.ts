import type { LinkDigits } from './linking-model.ts';

/** Six digits, and the three pictures that pairs of them name. */
export function digitsView(digits: string): LinkDigits {
  return { digits, pictures: (digits.match(/../g) ?? []).map(Number) };
}
