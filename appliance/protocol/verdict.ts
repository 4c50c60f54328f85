/** What every check of a peer's input returns: fine, or refused by a rule with a reason. */
export type Verdict = { ok: true } | Refusal;

export interface Refusal {
  ok: false;
  /** Rule number such as `R12`, `J5`, `L2`: stable, shown to developers only. */
  rule: string;
  /** One sentence for a log: no content, no names. */
  why: string;
}

/** A parsed value, or why there is none. */
export type Parsed<T> = { ok: true; value: T } | Refusal;

export const accepted: Verdict = { ok: true };

/** Shorthand for a refusal. */
export function refused(rule: string, why: string): Refusal {
  return { ok: false, rule, why };
}
