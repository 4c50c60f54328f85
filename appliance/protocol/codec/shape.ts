import { fromB64u, fromBase64 } from './text-form.ts';

/** Decides whether a decoded value has a form. */
export type Guard<T> = (value: unknown) => value is T;

type Guards = Readonly<Record<string, Guard<unknown>>>;
type Of<G> = G extends Guard<infer T> ? T : never;
type Object<R extends Guards, O extends Guards> = { [K in keyof R]: Of<R[K]> } & {
  [K in keyof O]?: Of<O[K]>;
};

/** An object with exactly these keys; those of `optional` may be missing, none may be added. */
export function fields<R extends Guards, O extends Guards = Record<never, never>>(
  required: R,
  optional?: O,
): Guard<Object<R, O>> {
  const known: Guards = { ...required, ...optional };
  const needed = Object.keys(required);
  return (value): value is Object<R, O> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    if (!needed.every((key) => Object.hasOwn(value, key))) return false;
    return Object.entries(value).every(
      ([key, held]) => Object.hasOwn(known, key) && (known[key] as Guard<unknown>)(held),
    );
  };
}

/** An array of such items, with a length in the range. */
export function list<T>(item: Guard<T>, min: number, max: number): Guard<T[]> {
  return (value): value is T[] =>
    Array.isArray(value) &&
    value.length >= min &&
    value.length <= max &&
    // A copy has no holes, which `every` would skip.
    Array.from(value as unknown[]).every((one) => item(one));
}

/** An array with exactly these items. */
export function tuple<G extends readonly Guard<unknown>[]>(
  ...items: G
): Guard<{ -readonly [K in keyof G]: Of<G[K]> }> {
  return (value): value is { -readonly [K in keyof G]: Of<G[K]> } =>
    Array.isArray(value) &&
    value.length === items.length &&
    items.every((item, i) => item(value[i]));
}

/** One of these strings or numbers. */
export function oneOf<const T extends string | number>(...values: readonly T[]): Guard<T> {
  return (value): value is T => values.some((known) => known === value);
}

/** An integer in the range, both ends included; minus zero, which CJ cannot write, is none. */
export function integer(min: number, max: number): Guard<number> {
  return (value): value is number =>
    typeof value === 'number' &&
    Number.isSafeInteger(value) &&
    !Object.is(value, -0) &&
    value >= min &&
    value <= max;
}

/** A string of so many UTF-16 units that CJ can hold, thus without unpaired surrogates. */
export function text(min: number, max: number): Guard<string> {
  return (value): value is string =>
    typeof value === 'string' && value.length >= min && value.length <= max && value.isWellFormed();
}

/** The b64u text of exactly so many bytes. */
export function b64u(bytes: number): Guard<string> {
  return (value): value is string =>
    typeof value === 'string' && fromB64u(value, bytes) !== undefined;
}

/** The standard base64 text of `min` to `max` bytes. */
export function base64(min: number, max: number): Guard<string> {
  return (value): value is string => {
    if (typeof value !== 'string' || value.length > max * 2) return false;
    const length = fromBase64(value)?.length;
    return length !== undefined && length >= min && length <= max;
  };
}
