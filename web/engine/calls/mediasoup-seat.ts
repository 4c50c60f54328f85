import { Device, type types } from 'mediasoup-client';
import { ownStreams } from '#client/calls/own-key.ts';
import type { Seat, SeatDoors, SeatEvents, Source, Track } from '#client/calls/ports.ts';
import type { Producer } from '#client/calls/room-state.ts';
import type { StreamKind } from '#protocol/media/signal-form.ts';
import type { BrowserFrames, Shown } from './browser-frames.ts';
import { mediaOf } from './browser-track.ts';

/** What a source is called in announcements, and how much of the network it may take. */
const kinds: Readonly<Record<Source, { k: StreamKind; maxBitrate: number }>> = {
  microphone: { k: 'audio', maxBitrate: 40_000 },
  camera: { k: 'video', maxBitrate: 600_000 },
  screen: { k: 'screen', maxBitrate: 1_500_000 },
};

interface Received {
  consumer: types.Consumer;
  device: string;
  /** What its frames really are, from the first that was opened. */
  kind?: StreamKind;
}

/** A seat at the box's mediasoup. Every sender and receiver gets its encryption before a frame flows. */
export class MediasoupSeat implements Seat {
  readonly #frames: BrowserFrames;
  readonly #doors: SeatDoors;
  readonly #events: SeatEvents;
  readonly #device: Device;
  readonly #sending: types.Transport;
  readonly #receiving: types.Transport;
  readonly #producers = new Map<Source, types.Producer>();
  /** By id of the producer. */
  readonly #received = new Map<string, Received>();
  readonly #streams = new Map<string, MediaStream>();
  readonly #unwatch: () => void;
  #following: Promise<void> = Promise.resolve();
  #isClosed = false;

  private constructor(
    parts: { frames: BrowserFrames; device: Device },
    transports: { sending: types.Transport; receiving: types.Transport },
    doors: SeatDoors,
    events: SeatEvents,
  ) {
    this.#frames = parts.frames;
    this.#device = parts.device;
    this.#sending = transports.sending;
    this.#receiving = transports.receiving;
    this.#doors = doors;
    this.#events = events;
    for (const one of [this.#sending, this.#receiving]) this.#attend(one);
    this.#sending.on('produce', ({ kind, rtpParameters }, done, failed) => {
      const asked = doors.produce(this.#sending.id, kind, rtpParameters);
      void answer(asked, (id) => done({ id }), failed);
    });
    this.#unwatch = parts.frames.watch((shown) => {
      this.#learn(shown);
    });
  }

  /** Opens both ways to the SFU; nothing flows yet. */
  static async open(
    frames: BrowserFrames,
    rtp: unknown,
    doors: SeatDoors,
    events: SeatEvents,
  ): Promise<MediasoupSeat> {
    const device = await Device.factory();
    await device.load({ routerRtpCapabilities: rtp as types.RtpCapabilities });
    const sending = device.createSendTransport(optionsOf(await doors.transport('send')));
    const receiving = device.createRecvTransport(optionsOf(await doors.transport('recv')));
    return new MediasoupSeat({ frames, device }, { sending, receiving }, doors, events);
  }

  async use(source: Source, track: Track | undefined): Promise<void> {
    if (this.#isClosed) return;
    const old = this.#producers.get(source);
    const media = mediaOf(track);
    if (old && !media) {
      this.#producers.delete(source);
      old.close();
      await this.#doors.close({ producer: old.id });
    } else if (old) await old.replaceTrack({ track: media });
    else if (media) this.#producers.set(source, await this.#produce(source, media));
  }

  follow(producers: readonly Producer[]): Promise<void> {
    const following = this.#following.then(async () => {
      const wanted = new Map(producers.map((one) => [one.id, one]));
      for (const [id, { consumer }] of this.#received) {
        if (wanted.has(id)) continue;
        this.#received.delete(id);
        consumer.close();
        this.#events.onChange();
      }
      for (const one of producers) {
        if (this.#received.has(one.id) || this.#isClosed) continue;
        // A stream that has ended meanwhile; what is still there is asked for again next time.
        await this.#consume(one).catch(() => undefined);
      }
    });
    this.#following = following.catch(() => undefined);
    return following;
  }

  async levels(): Promise<ReadonlyMap<string, number>> {
    const levels = new Map<string, number>();
    for (const { consumer, device } of this.#received.values()) {
      if (consumer.kind !== 'audio' || consumer.closed) continue;
      const stats = await consumer.getStats();
      for (const report of stats.values() as Iterable<Record<string, unknown>>) {
        if (report['type'] === 'inbound-rtp') {
          levels.set(device, Math.max(levels.get(device) ?? 0, Number(report['audioLevel'] ?? 0)));
        }
      }
    }
    return levels;
  }

  kindsOf(device: string): ReadonlySet<StreamKind> {
    return new Set(this.#of(device).flatMap(({ kind }) => kind ?? []));
  }

  stream(device: string, kind: 'camera' | 'screen'): MediaStream | undefined {
    const wanted: readonly StreamKind[] = kind === 'camera' ? ['audio', 'video'] : ['screen'];
    const tracks = this.#of(device)
      .filter((one) => one.kind !== undefined && wanted.includes(one.kind))
      .map(({ consumer }) => consumer.track);
    if (tracks.length === 0) return undefined;
    const place = `${device} ${kind}`;
    const known = this.#streams.get(place);
    if (known && sameTracks(known, tracks)) return known;
    const made = new MediaStream(tracks);
    this.#streams.set(place, made);
    return made;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#unwatch();
    this.#sending.close();
    this.#receiving.close();
  }

  #produce(source: Source, track: MediaStreamTrack): Promise<types.Producer> {
    const { k, maxBitrate } = kinds[source];
    const medium = k === 'audio' ? 'audio' : 'video';
    const streams = ownStreams.filter((one) => one.k === k).map(({ i }) => i);
    return this.#sending.produce({
      track,
      stopTracks: false,
      encodings: [{ maxBitrate }],
      onRtpSender: (sender) => {
        this.#frames.attach(sender, { way: 'send', medium, streams });
      },
    });
  }

  async #consume({ id: producer, device }: Producer): Promise<void> {
    const { recvRtpCapabilities } = this.#device;
    const told = await this.#doors.consume(this.#receiving.id, producer, recvRtpCapabilities);
    const { id, kind, rtp } = told as {
      id: string;
      kind: types.MediaKind;
      rtp: types.RtpParameters;
    };
    const consumer = await this.#receiving.consume({
      id,
      producerId: producer,
      kind,
      rtpParameters: rtp,
      // Sound and picture of one device are kept in step; the screen is late by itself.
      streamId: device,
      onRtpReceiver: (receiver) => {
        this.#frames.attach(receiver, { way: 'receive', medium: kind, id: producer, device });
      },
    });
    this.#received.set(producer, { consumer, device });
    await this.#doors.resume(id);
  }

  /** The first opened frame says what a track is; what the SFU said of it does not count (W3). */
  #learn({ device, id, stream }: Shown): void {
    const received = this.#received.get(id);
    if (!received || received.device !== device) return;
    received.kind = stream.k;
    this.#events.onChange();
  }

  #of(device: string): Received[] {
    return [...this.#received.values()].filter((one) => one.device === device);
  }

  #attend(transport: types.Transport): void {
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      void answer(this.#doors.connect(transport.id, dtlsParameters), done, failed);
    });
    transport.on('connectionstatechange', (state) => {
      if (state === 'failed' && !this.#isClosed) this.#events.onLost();
    });
  }
}

/** The library wants callbacks where everything else here is a promise. */
async function answer<T>(
  asked: Promise<T>,
  done: (result: T) => void,
  failed: (error: Error) => void,
): Promise<void> {
  try {
    done(await asked);
  } catch (error) {
    failed(error instanceof Error ? error : new Error(String(error)));
  }
}

function optionsOf(told: unknown): types.TransportOptions {
  const { candidates, dtls, ice, id } = told as Record<string, unknown>;
  // The browser's own checks decide about the rest: what does not fit fails, and the seat is lost.
  return {
    id,
    iceParameters: ice,
    iceCandidates: candidates,
    dtlsParameters: dtls,
  } as types.TransportOptions;
}

function sameTracks(stream: MediaStream, tracks: readonly MediaStreamTrack[]): boolean {
  const present = stream.getTracks();
  return present.length === tracks.length && tracks.every((track) => present.includes(track));
}
