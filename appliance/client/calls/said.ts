import type { Source } from './ports.ts';

/** What somebody says to send. It is shown, nothing more: it opens no device and proves nothing. */
export type PeerSources = Readonly<Record<Source, boolean>>;

const sources: readonly Source[] = ['microphone', 'camera', 'screen'];

/** Longest text that is read from the other end of a direct way. */
const maxLength = 256;

/** The text that tells what this device sends. */
export function saySources(has: (source: Source) => boolean): string {
  return JSON.stringify(Object.fromEntries(sources.map((one) => [one, has(one) ? 1 : 0])));
}

/** The text that ends a call also where no box is between the two. */
export function sayEnd(): string {
  return JSON.stringify({ end: 1 });
}

/** What such a text says; undefined for anything else. */
export function readSaid(text: string): PeerSources | 'end' | undefined {
  if (text.length > maxLength) return undefined;
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof told !== 'object' || told === null) return undefined;
  const has = (key: string): boolean => (told as Record<string, unknown>)[key] === 1;
  if (has('end')) return 'end';
  return { microphone: has('microphone'), camera: has('camera'), screen: has('screen') };
}
