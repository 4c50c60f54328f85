import { observer, type types } from 'mediasoup';

/** What whoever owns the box could write down of a conference: frames put together from the SFU's own RTP. */
export class SfuTap {
  #router: types.Router | undefined;
  readonly #onWorker = (worker: types.Worker): void => {
    worker.observer.on('newrouter', (router) => (this.#router = router));
  };

  /** Watches for routers of workers that begin from now on; the newest is the one that is tapped. */
  start(): void {
    observer.on('newworker', this.#onWorker);
  }

  stop(): void {
    observer.off('newworker', this.#onWorker);
  }

  /** Frames of a stream from its next key frame on, as the SFU has them. */
  async frames(producerId: string, count: number): Promise<Buffer[]> {
    if (!this.#router) throw new Error('no router was seen');
    const { rtpCapabilities } = this.#router;
    const transport = await this.#router.createDirectTransport();
    const consumer = await transport.consume({ producerId, rtpCapabilities, paused: true });
    const frames: Buffer[] = [];
    let parts: Buffer[] = [];
    await new Promise<void>((done) => {
      consumer.on('rtp', (packet) => {
        const { isLast, payload } = read(packet);
        if (payload.length === 0) return;
        parts.push(consumer.kind === 'video' ? afterDescriptor(payload) : payload);
        if (consumer.kind === 'video' && !isLast) return;
        frames.push(Buffer.concat(parts));
        parts = [];
        if (frames.length === count) done();
      });
      void consumer.resume();
    });
    transport.close();
    return frames;
  }
}

/** Cuts an RTP packet (RFC 3550 §5.1). */
function read(packet: Buffer): { isLast: boolean; payload: Buffer } {
  const first = packet[0] ?? 0;
  let from = 12 + 4 * (first & 0x0f);
  if ((first & 0x10) !== 0) from += 4 + 4 * packet.readUInt16BE(from + 2);
  const padding = (first & 0x20) === 0 ? 0 : (packet.at(-1) ?? 0);
  return {
    isLast: ((packet[1] ?? 0) & 0x80) !== 0,
    payload: packet.subarray(from, packet.length - padding),
  };
}

/** Takes off what a VP8 packet has before its part of the frame (RFC 7741 §4.2). */
function afterDescriptor(payload: Buffer): Buffer {
  if (((payload[0] ?? 0) & 0x80) === 0) return payload.subarray(1);
  const extension = payload[1] ?? 0;
  let from = 2;
  if ((extension & 0x80) !== 0) from += ((payload[from] ?? 0) & 0x80) === 0 ? 1 : 2;
  if ((extension & 0x40) !== 0) from += 1;
  if ((extension & 0x30) !== 0) from += 1;
  return payload.subarray(from);
}
