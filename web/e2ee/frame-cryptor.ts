import type { FromWorker, ToWorker, TransformOptions } from './messages.ts';

/** Whether this browser can encrypt frames. One that cannot is told so and not let into a conference. */
export function canCryptFrames(): boolean {
  return 'RTCRtpScriptTransform' in globalThis;
}

/** The page's end of one call's frame worker. Attach to a sender before it is negotiated. */
export class FrameCryptor {
  readonly #conf: string;
  readonly #hear: (message: FromWorker) => void;
  #worker: Worker | undefined;

  constructor(conf: string, hear: (message: FromWorker) => void) {
    this.#conf = conf;
    this.#hear = hear;
  }

  /** Starts the worker, which drops all frames until it has keys. */
  start(): void {
    if (this.#worker !== undefined) return;
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#hear(data);
    this.tell({ t: 'start', conf: this.#conf });
  }

  /** Ends the worker and with it all keys and counters: the next needs a new session. */
  stop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  tell(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  /** Puts the worker between a sender or receiver and the network. Throws if the worker is not started. */
  attach(end: RTCRtpSender | RTCRtpReceiver, options: TransformOptions): void {
    if (this.#worker === undefined) throw new Error('the frame worker is not started');
    end.transform = new RTCRtpScriptTransform(this.#worker, options);
  }
}
