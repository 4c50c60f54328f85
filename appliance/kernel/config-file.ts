import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { Refusal, systemCode } from './refusal.ts';

/**
 * Reads the one JSON file that `--config` names and checks it; without a path
 * everything has its default. Throws a Refusal that names the key at fault.
 */
export async function readConfig<T>(path: string | undefined, schema: z.ZodType<T>): Promise<T> {
  const found = path === undefined ? {} : parse(path, await readText(path));
  const result = schema.safeParse(found);
  if (result.success) return result.data;
  const [first, ...others] = result.error.issues.map(sentence);
  const more = others.length > 0 ? ` (${others.length} more after that)` : '';
  throw new Refusal(`The config file ${path ?? ''} cannot be used: ${first ?? ''}${more}.`, 2);
}

/** All keys take a few kilobytes; stops a mistaken path to something without end. */
const maxBytes = 1_048_576;

async function readText(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    // One byte more than is good, to see that there is more.
    bytes = Buffer.concat(await createReadStream(path, { end: maxBytes }).toArray());
  } catch (error) {
    const isMissing = systemCode(error) === 'ENOENT';
    const reason = isMissing ? 'does not exist' : `cannot be read (${systemCode(error)})`;
    throw new Refusal(`The config file ${path} ${reason}.`, 2, error);
  }
  if (bytes.length > maxBytes) {
    throw new Refusal(`The config file ${path} is larger than 1 MiB and surely another file.`, 2);
  }
  try {
    // Takes off the mark that editors on Windows put in front.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Refusal(`The config file ${path} is not text in UTF-8.`, 2, error);
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // It quotes the file, and a sentence has one line.
    const reason = (error instanceof Error ? error.message : '').replace(/\s+/g, ' ');
    throw new Refusal(`The config file ${path} is not JSON: ${reason}.`, 2, error);
  }
}

function sentence(issue: z.core.$ZodIssue): string {
  const at = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') {
    return `${at === '' ? 'the whole file' : `"${at}"`}: ${issue.message}`;
  }
  const keys = issue.keys.map((key) => `"${[...issue.path, key].join('.')}"`);
  return `${keys.join(', ')} ${keys.length === 1 ? 'is not a known key' : 'are not known keys'}`;
}

/** One key of the config as a person sees it. */
export interface ConfigRow {
  /** Dotted path such as `gateway.httpsPort`. */
  key: string;
  /** As JSON. */
  value: string;
  defaultValue: string;
  description: string;
}

interface SchemaNode {
  properties?: Record<string, SchemaNode>;
  default?: unknown;
  description?: string;
}

/** Every key with its present value, its default and its sentence, in the order of the schema. */
export function configRows(schema: z.ZodType, value: unknown): ConfigRow[] {
  return rowsBelow(z.toJSONSchema(schema, { io: 'input' }) as SchemaNode, value, []);
}

function rowsBelow(node: SchemaNode, value: unknown, path: readonly string[]): ConfigRow[] {
  if (node.properties) {
    const object = (value ?? {}) as Record<string, unknown>;
    return Object.entries(node.properties).flatMap(([key, below]) =>
      rowsBelow(below, object[key], [...path, key]),
    );
  }
  const row = {
    key: path.join('.'),
    value: JSON.stringify(value) ?? 'not set',
    defaultValue: JSON.stringify(node.default) ?? 'not set',
    description: node.description ?? '',
  };
  return [row];
}

/** The rows as text for a terminal: what is set, what would be the default, what it means. */
export function configText(rows: readonly ConfigRow[]): string {
  return rows
    .map(({ key, value, defaultValue, description }) => {
      const origin = value === defaultValue ? 'default' : `default ${defaultValue}`;
      return `${key} = ${value}  (${origin})\n    ${description}\n`;
    })
    .join('');
}
