import type { Duplex, Readable } from 'node:stream';
import type { TlsIdentity } from '#kernel/box-identity.ts';

/** The head of a request: all that is known before the body is read. */
export interface WebHead {
  method: string;
  /** Path with query, exactly as sent. */
  target: string;
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  /** Of the other end, without zone; `::ffff:` is taken off. */
  address: string;
}

/** A whole request. */
export interface WebRequest extends WebHead {
  body: Uint8Array;
  /** Aborts when the other side goes away or the server closes. */
  signal: AbortSignal;
}

/** An answer, ready to be sent. */
export interface WebReply {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** A stream needs a `content-length`; it is destroyed when the other side goes away. */
  body: Uint8Array | string | Readable;
}

/** One path of the server. */
export interface WebRoute {
  method: 'GET' | 'POST' | 'PUT' | 'HEAD' | 'OPTIONS';
  /** With `:name` parameters; a last `*` takes everything below. */
  path: string;
  /** Larger bodies are refused before they are read. */
  maxBodyBytes: number;
  /** Decides on the head alone, before the body is read; an answer is a refusal. */
  admit(head: WebHead): WebReply | undefined;
  handle(request: WebRequest): Promise<WebReply>;
}

/** Why the server itself refuses, before any route is asked. */
export type ServerRefusal = 'malformed' | 'not-found' | 'too-large' | 'type' | 'broken';

/** Where a WebSocket leads. */
export interface WebSocketDoor {
  path: string;
  /** Without this subprotocol the handshake is refused. */
  protocol: string;
  maxMessageBytes: number;
  open(stream: Duplex, info: { address: string }): void;
}

/** Files of the app. */
export interface WebFiles {
  /** Absolute path of a directory that does not change while the server runs. */
  root: string;
  /** Paths that are answered with `index.html`. */
  appPaths: readonly string[];
}

/** Time and size limits of connections; each says in config.ts which attack it stops. */
export interface WebLimits {
  maxConnectionsCount: number;
  maxConnectionsPerAddressCount: number;
  headersWithinMs: number;
  requestWithinMs: number;
  maxHeadersBytes: number;
}

/** Everything a server is made of. */
export interface WebServerSetup {
  /** Plain HTTP when absent. */
  tls?: TlsIdentity;
  limits: WebLimits;
  /** Sent with every answer. */
  headers: Readonly<Record<string, string>>;
  routes: readonly WebRoute[];
  files?: WebFiles;
  socket?: WebSocketDoor;
  /** The answer to what the server refuses; `error` only for `broken`. */
  refuse(why: ServerRefusal, error?: unknown): WebReply;
}

/** A web server, whatever library carries it. */
export interface WebServer {
  /** Resolves to the port in use. */
  listen(host: string, port: number): Promise<number>;
  /** Uses this certificate for connections from now on. */
  useCertificate(tls: TlsIdentity): void;
  /** Ends running requests, within a second, and all connections. Idempotent. */
  close(): Promise<void>;
}
