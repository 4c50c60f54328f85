import { refused, type Parsed, type Refusal } from '../verdict.ts';
import { fromUtf8 } from './bytes.ts';

/** What canonical JSON can hold (SWARM §2): no booleans, no null, no fractions. */
export type Json = string | number | Json[] | { [key: string]: Json };

/**
 * Containers within containers. A reveal inside a genesis takes 6, a guest's
 * rooms inside a posted claim 7; stops stack exhaustion by nesting.
 */
export const maxDepth = 8;

const keyForm = /^[a-z0-9]{1,12}$/;

/** The one writing of a value (CJ). Throws TypeError for a value that CJ cannot hold. */
export function encode(value: Json): string {
  const fault = faultOf(value, 0);
  if (fault !== undefined) throw new TypeError(fault);
  return write(value);
}

/**
 * Reads CJ: whatever `encode` would not have written, byte for byte, is refused
 * (R5). `maxBytes` bounds the work that a stranger can cause.
 */
export function decode(input: string | Uint8Array, maxBytes: number): Parsed<Json> {
  // A character is at least one byte, so the length of a text bounds it from below.
  if (input.length > maxBytes) return refused('L1', 'the JSON is too long');
  const text = typeof input === 'string' ? input : fromUtf8(input);
  if (text === undefined) return refused('R5', 'the JSON is not UTF-8');
  const parsed = parse(text);
  if (!parsed.ok) return parsed;
  const fault = faultOf(parsed.value, 0);
  if (fault !== undefined) return refused('R5', fault);
  const value = parsed.value as Json;
  if (write(value) !== text) return refused('R5', 'the JSON is not canonical');
  return { ok: true, value };
}

function parse(text: string): { ok: true; value: unknown } | Refusal {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return refused('R5', 'the text is not JSON');
  }
}

function faultOf(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') {
    return value.isWellFormed() ? undefined : 'a string has an unpaired surrogate';
  }
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && value >= 0 ? undefined : 'a number is not 0…2^53−1';
  }
  if (typeof value !== 'object' || value === null) return 'there is a boolean or null';
  if (depth === maxDepth) return 'the nesting is too deep';
  if (Array.isArray(value)) return firstFault(value, depth);
  const badKey = Object.keys(value).find((key) => !keyForm.test(key));
  return badKey === undefined ? firstFault(Object.values(value), depth) : 'a key has a bad form';
}

function firstFault(values: unknown[], depth: number): string | undefined {
  for (const value of values) {
    const fault = faultOf(value, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function write(value: Json): string {
  // For well-formed strings JSON.stringify writes exactly the minimal escapes.
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  // Keys are ASCII, so the order of code units is the order of bytes.
  const entries = Object.keys(value).toSorted();
  return `{${entries.map((key) => `"${key}":${write(value[key] as Json)}`).join(',')}}`;
}
