import { refuse } from '../refusal.ts';

/** What CJ can say: no booleans, no null, no fractions (protocol README, "Text and numbers"). */
export type Json = string | number | readonly Json[] | { readonly [key: string]: Json };

/** An object of CJ. */
export type JsonObject = { readonly [key: string]: Json };

const deepest = 8;

/** The one writing of a value (SWARM §2). Refuses what CJ cannot say. */
export function encode(value: unknown, depth = 0): string {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) refuse('R5', 'a text has half a character');
    return JSON.stringify(value);
  }
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || value < 0) refuse('R5', 'a number is no whole number');
    return String(value);
  }
  if (typeof value !== 'object' || value === null)
    refuse('R5', 'a value is of no kind that CJ has');
  if (depth >= deepest) refuse('R5', 'values are nested too deep');
  if (Array.isArray(value)) return `[${value.map((one) => encode(one, depth + 1)).join()}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = entries.map(([key, one]) => {
    if (!/^[a-z0-9]{1,12}$/.test(key)) refuse('R5', 'a key has a form that CJ does not have');
    return `"${key}":${encode(one, depth + 1)}`;
  });
  return `{${parts.join()}}`;
}

/** Reads CJ by writing what was read again and comparing, so that there is one writing only. */
export function decode(input: string | Uint8Array): Json {
  const text = typeof input === 'string' ? input : utf8(input);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    refuse('R5', 'it is no JSON');
  }
  if (encode(value) !== text) refuse('R5', 'the JSON is not written in its one form');
  return value as Json;
}

/** The text of bytes that are UTF-8; refuses others. A byte order mark is kept, and so refused. */
export function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    refuse('R2', 'it is not UTF-8');
  }
}

/** Refuses unless the value is an object with these fields, and of the optional ones any. */
export function fields(
  value: Json | undefined,
  required: readonly string[],
  optional: readonly string[] = [],
): JsonObject {
  if (typeof value !== 'object' || Array.isArray(value)) refuse('R5', 'an object is expected');
  const object = value as JsonObject;
  for (const key of required) if (!(key in object)) refuse('R5', `the field ${key} is missing`);
  for (const key of Object.keys(object)) {
    if (!required.includes(key) && !optional.includes(key))
      refuse('R5', `the field ${key} is strange`);
  }
  return object;
}

/** A list whose entries pass a guard, at most so many. */
export function listOf<T>(value: Json | undefined, each: (one: Json) => T, most = 4096): T[] {
  if (!Array.isArray(value) || value.length > most) refuse('R5', 'a list is expected');
  return value.map(each);
}

/** A list that is sorted by code units and names nothing twice. */
export function sortedListOf(
  value: Json | undefined,
  each: (one: Json) => string,
  most = 4096,
): string[] {
  const list = listOf(value, each, most);
  if (list.some((one, i) => i > 0 && (list[i - 1] as string) >= one))
    refuse('R5', 'a list is not sorted');
  return list;
}

/** A whole number in a range. */
export function integer(value: Json | undefined, from = 0, to = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number' || value < from || value > to)
    refuse('R5', 'a number is out of range');
  return value;
}

/** One of these texts. */
export function oneOf<T extends string>(value: Json | undefined, ...choices: readonly T[]): T {
  if (!choices.includes(value as T)) refuse('R5', `"${choices.join('" or "')}" is expected`);
  return value as T;
}
