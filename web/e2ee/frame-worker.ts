import { ReceiverKeys } from '#protocol/media/receiver-keys.ts';
import { IncomingFrames } from './incoming-frames.ts';
import type {
  FromWorker,
  ReceiveOptions,
  SendOptions,
  ToWorker,
  TransformOptions,
} from './messages.ts';
import { OutgoingFrames } from './outgoing-frames.ts';
import { Tally } from './tally.ts';
import { webCipher } from './web-cipher.ts';

/** An encoded frame, as far as it is touched here. */
interface EncodedFrame {
  data: ArrayBuffer;
  getMetadata(): { synchronizationSource?: number };
}

/** What the browser hands over for one sender or receiver. */
export interface Transformer {
  readonly options: TransformOptions;
  readonly readable: ReadableStream<EncodedFrame>;
  readonly writable: WritableStream<EncodedFrame>;
  /** Of video receivers only. */
  sendKeyFrameRequest?(): Promise<unknown>;
}

/** How often a key frame is asked for at most, in milliseconds. Stops one lost key from flooding a sender. */
const keyFrameMs = 1_000;

/** All of a call's encryption in one worker: everything that touches keys or counters goes through here. */
export class FrameWorker {
  readonly #post: (message: FromWorker) => void;
  readonly #now: () => number;
  readonly #tally = new Tally();
  readonly #outgoing = new OutgoingFrames(webCipher, this.#tally);
  readonly #call = Promise.withResolvers<IncomingFrames>();
  #keys: ReceiverKeys | undefined;
  #incoming: IncomingFrames | undefined;

  constructor(post: (message: FromWorker) => void, now: () => number) {
    this.#post = post;
    this.#now = now;
  }

  /** Does what the page says. */
  hear(message: ToWorker): void {
    switch (message.t) {
      case 'start':
        return this.#start(message.conf);
      case 'send-key':
        return this.#outgoing.use(message.key);
      case 'announce':
        return void this.#keys?.announce(message.device, message.body, this.#now());
      case 'remove':
        return this.#keys?.remove(message.device, this.#now());
      case 'mute':
        return this.#incoming?.mute(message.device, message.session, message.stream);
    }
  }

  /** Takes over the frames of a sender or receiver until it ends. */
  async transform(transformer: Transformer): Promise<void> {
    const { options, readable, writable } = transformer;
    const step =
      options.way === 'send' ? this.#sending(options) : this.#receiving(options, transformer);
    const through = new TransformStream<EncodedFrame, EncodedFrame>({
      transform: async (frame, controller) => {
        const start = this.#now();
        const data = await step(frame);
        if (data === undefined) return;
        this.#tally.took(this.#now() - start);
        frame.data = data.buffer;
        controller.enqueue(frame);
      },
    });
    // A sender or receiver that is stopped breaks its streams: that is how it ends.
    await readable
      .pipeThrough(through)
      .pipeTo(writable)
      .catch(() => undefined);
  }

  /** Tells the page what went through since the last time: call it every `digestMs`. */
  report(): void {
    for (const message of this.#tally.flush(this.#outgoing.session)) this.#post(message);
  }

  #start(conf: string): void {
    if (this.#keys !== undefined) return;
    this.#keys = new ReceiverKeys(conf);
    this.#incoming = new IncomingFrames(webCipher, this.#keys, this.#tally);
    this.#call.resolve(this.#incoming);
  }

  #sending({ medium, streams }: SendOptions) {
    const places = new Map<number | undefined, number>();
    return (frame: EncodedFrame) => {
      const source = frame.getMetadata().synchronizationSource;
      // More encodings than places share the last: one counter, so still no nonce twice.
      const next = streams[Math.min(places.size, streams.length - 1)] ?? 0;
      const stream = places.get(source) ?? next;
      places.set(source, stream);
      return this.#outgoing.seal(medium, stream, new Uint8Array(frame.data));
    };
  }

  #receiving(options: ReceiveOptions, transformer: Transformer) {
    let shown = '';
    let isMissing = false;
    let askedAt = -Infinity;
    return async (frame: EncodedFrame) => {
      const incoming = await this.#call.promise;
      const now = this.#now();
      const opened = await incoming.open(options, new Uint8Array(frame.data), now);
      if (opened === undefined) isMissing = true;
      if (opened === undefined) return undefined;
      const { stream, place } = opened.found;
      const name = `${place.session}/${place.stream}`;
      if (name !== shown) {
        const { id, device } = options;
        this.#post({ t: 'stream', id, device, session: place.session, stream });
        shown = name;
      }
      if (isMissing && options.medium === 'video' && now - askedAt > keyFrameMs) {
        // The decoder may wait for what was dropped.
        askedAt = now;
        transformer.sendKeyFrameRequest?.().catch(() => undefined);
      }
      isMissing = false;
      return opened.data;
    };
  }
}
