/** Resolves with the first truthy answer of `ask`; rejects, saying `what`, when the deadline passes. */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  deadlineMs = 8000,
): Promise<NonNullable<T>> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer as NonNullable<T>;
    if (performance.now() > end) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
