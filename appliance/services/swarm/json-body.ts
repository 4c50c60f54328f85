import { fromUtf8 } from '#protocol/codec/bytes.ts';
import { encode, type Json } from '#protocol/codec/canonical-json.ts';
import type { RouteReply } from '#kernel/route.ts';

/** A JSON body in any writing whose value canonical JSON can hold; undefined for anything else. */
export function readJson(body: Uint8Array): Json | undefined {
  const text = fromUtf8(body);
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as Json;
    encode(value);
    return value;
  } catch {
    // Strangers send what they like: neither JSON nor canonical JSON is an error of ours.
    return undefined;
  }
}

/** A JSON reply. */
export function json(value: unknown, status = 200): RouteReply {
  return { status, json: value };
}
