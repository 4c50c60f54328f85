import type { Readable } from 'node:stream';
import type { Category } from './errors.ts';

/** Who has proved to be at the other end of a signed request (A4). */
export interface Caller {
  /** Device, member and party fingerprints. */
  device: string;
  member: string;
  party: string;
}

/** A request as a service sees it, whatever web server carries it. */
export interface RouteRequest {
  /** Present unless the route is `open`. */
  caller?: Caller;
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** Of the other end; for counting only, never written down. */
  address: string;
  /** Aborts when the other side goes away or the box stops. */
  signal: AbortSignal;
}

/**
 * JSON is sent as it is; bytes as `application/octet-stream` unless `type` says
 * otherwise; a stream is sent as it comes and destroyed when the other side goes away.
 * `headers` are few: `parley-…` and `content-range`; pages of other origins may read them.
 */
export type RouteReply =
  | { status?: number; json: unknown; headers?: Readonly<Record<string, string>> }
  | {
      status?: number;
      bytes: Uint8Array;
      type?: string;
      headers?: Readonly<Record<string, string>>;
    }
  | {
      status?: number;
      stream: Readable;
      /** Bytes that the stream will give, no more and no less. */
      length: number;
      headers?: Readonly<Record<string, string>>;
    }
  | { refuse: { category: Category; code: string; message: string; retryAfterSeconds?: number } };

/**
 * One door of a service. `open` routes are for people who have no device yet and
 * are limited by address; `signed` routes carry session, counter and MAC (A4); `entitled` ones the
 * same, and are open to devices of removed and withdrawn parties as well (T1).
 */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'HEAD';
  /** With `:name` parameters, below the web root: `/v1/s/:cid/refs`. */
  path: string;
  access: 'open' | 'signed' | 'entitled';
  /** Larger bodies are refused before they are read. */
  maxBodyBytes: number;
  handle(request: RouteRequest): Promise<RouteReply>;
}
