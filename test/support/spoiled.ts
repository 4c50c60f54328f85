/** One value somewhere inside replaced by another. */
export function spoiled(value: unknown, path: readonly number[], by: unknown): unknown {
  const [next, ...rest] = path;
  if (next === undefined || typeof value !== 'object' || value === null) return by;
  const keys = Object.keys(value);
  const key = keys[next % Math.max(1, keys.length)];
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((one, i) => (`${i}` === key ? spoiled(one, rest, by) : one));
  return { ...value, [key]: spoiled((value as never)[key], rest, by) };
}
