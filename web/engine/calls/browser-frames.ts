import type { FrameEvents, Frames } from '#client/calls/ports.ts';
import { FrameCryptor } from '../../e2ee/frame-cryptor.ts';
import type { FromWorker, ReceiveOptions, SendOptions } from '../../e2ee/messages.ts';

/** A stream that a receiver really shows. */
export type Shown = Extract<FromWorker, { t: 'stream' }>;

/** One conference's frame worker, kept while seats at the SFU come and go. */
export class BrowserFrames implements Frames {
  readonly #cryptor: FrameCryptor;
  readonly #watchers = new Set<(shown: Shown) => void>();

  constructor(conf: string, events: FrameEvents) {
    this.#cryptor = new FrameCryptor(conf, (message) => {
      if (message.t === 'sent') events.onSent(message.session, message.frames);
      if (message.t === 'shown') events.onShown(message.device, message.session, message.frames);
      if (message.t === 'stream') for (const watcher of this.#watchers) watcher(message);
    });
    this.#cryptor.start();
  }

  /** Puts encryption between a sender or receiver and the network. */
  attach(end: RTCRtpSender | RTCRtpReceiver, options: SendOptions | ReceiveOptions): void {
    this.#cryptor.attach(end, options);
  }

  /** Calls `watcher` when a receiver begins to show a stream; returns the way to stop. */
  watch(watcher: (shown: Shown) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  sendUnder(key: Parameters<Frames['sendUnder']>[0]): void {
    this.#cryptor.tell({ t: 'send-key', key });
  }

  announce(device: string, body: Parameters<Frames['announce']>[1]): void {
    this.#cryptor.tell({ t: 'announce', device, body });
  }

  remove(device: string): void {
    this.#cryptor.tell({ t: 'remove', device });
  }

  mute(device: string, session: string, stream: number): void {
    this.#cryptor.tell({ t: 'mute', device, session, stream });
  }

  stop(): void {
    this.#cryptor.stop();
  }
}
