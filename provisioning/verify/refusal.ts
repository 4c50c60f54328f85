/** Why something does not hold: the rule of the documents, and a sentence. Never leaves this folder. */
export class Refusal extends Error {
  readonly rule: string;

  constructor(rule: string, why: string) {
    super(why);
    this.rule = rule;
  }
}

/** Ends the check at hand; `attempt` catches it. */
export function refuse(rule: string, why: string): never {
  throw new Refusal(rule, why);
}

/** Refuses unless the condition holds. */
export function must(condition: unknown, rule: string, why: string): asserts condition {
  if (!condition) refuse(rule, why);
}

/** What a check gave, or the refusal it ended with. Errors of our own are not caught. */
export function attempt<T>(check: () => T): { value: T } | { refusal: Refusal } {
  try {
    return { value: check() };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error };
    throw error;
  }
}
