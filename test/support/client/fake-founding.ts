import type { Carrier, Question } from '#client/exchange.ts';
import type { HttpReply } from '#client/ports.ts';

type Posts = readonly { post: { t: string }; s: string }[];

/**
 * A box's founding doors in memory: it keeps order and checks nothing, so that what founders
 * believe rests on them alone. `show` lets each of them be shown something else.
 */
export class FakeFounding {
  draft: unknown;
  posts: Posts = [];
  cid: string | undefined;
  readonly #waiting = new Set<() => void>();

  /** What one founder reaches; `bend` is the lie that this one is told. */
  door(bend: (posts: Posts) => Posts = (posts) => posts): Carrier {
    return {
      ask: async (question) => {
        if (question.method === 'GET') return this.#read(question, bend);
        const body = JSON.parse(new TextDecoder().decode(question.body)) as never;
        if (question.path === '/v1/founding') this.draft = body;
        else this.add(body);
        return reply({});
      },
    };
  }

  add(entry: Posts[number]): void {
    const written = JSON.stringify(entry.post);
    if (!this.posts.some(({ post }) => JSON.stringify(post) === written)) {
      this.posts = [...this.posts, entry];
    }
    this.changed();
  }

  changed(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  async #read({ path, signal }: Question, bend: (posts: Posts) => Posts): Promise<HttpReply> {
    const after = Number(/after=(\d+)/.exec(path)?.[1] ?? -1);
    if (after >= 0 && bend(this.posts).length === after && this.cid === undefined) {
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    const posts = bend(this.posts);
    const { draft, cid } = this;
    return reply({ draft, posts: posts.slice(Math.max(after, 0)), next: posts.length, cid });
  }
}

function reply(value: unknown): HttpReply {
  return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(value)) };
}
