import type { Caller, Route, RouteReply } from '#kernel/route.ts';

/** What a door answered, whichever form it took. */
export interface Answer {
  isFine: boolean;
  code: string;
  retryAfterSeconds: number;
  json: unknown;
  bytes: Uint8Array;
  headers: Readonly<Record<string, string>>;
  message: string;
}

/** What goes with a request. */
export interface Asking {
  caller?: Caller;
  body?: unknown;
  signal?: AbortSignal;
  address?: string;
  headers?: Readonly<Record<string, string>>;
}

/** Knocks at the doors of a service as the gateway would, without a web server between. */
export class Doors {
  readonly #routes: readonly Route[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes;
  }

  async ask(
    method: Route['method'],
    path: string,
    { caller, body, signal, address = '192.0.2.1', headers = {} }: Asking = {},
  ): Promise<Answer> {
    const url = new URL(path, 'https://box');
    const found = this.#find(method, url.pathname);
    if (!found) throw new Error(`no door ${method} ${path}`);
    const { route, params } = found;
    if ((route.access !== 'open') !== (caller !== undefined)) throw new Error('wrong access');
    const bytes =
      body instanceof Uint8Array
        ? body
        : new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body));
    if (bytes.length > route.maxBodyBytes) throw new Error('the gateway would refuse this body');
    return answerOf(
      await route.handle({
        params,
        query: Object.fromEntries(url.searchParams),
        headers,
        address,
        body: bytes,
        signal: signal ?? new AbortController().signal,
        ...(caller && { caller }),
      }),
    );
  }

  #find(
    method: string,
    pathname: string,
  ): { route: Route; params: Record<string, string> } | undefined {
    for (const route of this.#routes) {
      if (route.method !== method) continue;
      const names = [...route.path.matchAll(/:(\w+)/g)].map((one) => one[1] as string);
      const form = new RegExp(`^${route.path.replaceAll(/:\w+/g, '([^/]+)')}$`);
      const match = form.exec(pathname);
      if (!match) continue;
      const values = match.slice(1);
      return { route, params: Object.fromEntries(names.map((n, i) => [n, values[i] ?? ''])) };
    }
    return undefined;
  }
}

function answerOf(reply: RouteReply): Answer {
  const nothing = { code: '', retryAfterSeconds: 0, json: undefined, bytes: new Uint8Array(0) };
  const empty = { ...nothing, headers: {}, message: '' };
  if ('refuse' in reply)
    return {
      ...empty,
      isFine: false,
      ...reply.refuse,
      retryAfterSeconds: reply.refuse.retryAfterSeconds ?? 0,
    };
  return { ...empty, isFine: (reply.status ?? 200) < 400, ...reply, headers: reply.headers ?? {} };
}
