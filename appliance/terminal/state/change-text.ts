import type { Change } from '#client/ports.ts';

/** In the place of a length: the key is deleted. */
const deleted = 0xffff_ffff;

/** Where a value stands within the bytes of its changes. */
export interface Span {
  from: number;
  to: number;
}

/** Changes as bytes: of each the length of the key, the key, the length of the value, the value. */
export function changeBytes(changes: readonly Change[]): Uint8Array {
  const parts = changes.flatMap(({ key, value }) => {
    const name = Buffer.from(key);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(name.length, 0);
    head.writeUInt32BE(value ? value.length : deleted, 4);
    return [head, name, value ?? Buffer.alloc(0)];
  });
  return Buffer.concat(parts);
}

/** Key and place of each change, in order. Only we wrote the bytes: a seal was around them. */
export function* changesIn(bytes: Uint8Array): Generator<{ key: string; span?: Span }> {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < view.length;) {
    const [keyLength, length] = [view.readUInt32BE(at), view.readUInt32BE(at + 4)];
    const from = at + 8 + keyLength;
    const key = view.toString('utf8', at + 8, from);
    const to = length === deleted ? from : from + length;
    yield length === deleted ? { key } : { key, span: { from, to } };
    at = to;
  }
}
