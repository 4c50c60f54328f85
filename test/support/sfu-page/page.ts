import { Device, type types } from 'mediasoup-client';
import { announcementOf, SenderKeys } from '#protocol/media/sender-keys.ts';
import type { SignalBody } from '#protocol/media/signal-form.ts';
import { FrameCryptor } from '../../../web/e2ee/frame-cryptor.ts';
import { decode } from './decode.ts';
import { knownMedia } from './known-media.ts';

/** A door of the room, asked by the test on behalf of this page; throws the code of a refusal. */
type Ask = (step: string, body: object) => Promise<unknown>;

interface Joined {
  rtp: types.RtpCapabilities;
}
interface Opened {
  id: string;
  ice: types.IceParameters;
  candidates: types.IceCandidate[];
  dtls: types.DtlsParameters;
}
interface State {
  peers: string[];
  producers: { id: string; d: string; kind: 'audio' | 'video' }[];
}

/** What a page has seen of the others. */
export interface Decoded {
  framesDecoded: number;
  audioEnergy: number;
  /** Streams of others of which so much has come that a good part of a second could be decoded. */
  streams: number;
}

const { ask, me } = window as unknown as { ask: Ask; me: string };
let connections: types.Transport[] = [];
let consumers: types.Consumer[] = [];
let cryptor: FrameCryptor | undefined;

/** From here on all frames are sealed, and opened only with what `trust` is told; the announcement of the own key. */
function seal(conf: string, to: string[]): SignalBody<'media-key'> {
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  const { key } = new SenderKeys({ verify: () => Promise.resolve(false), random });
  cryptor = new FrameCryptor(conf, () => {});
  cryptor.start();
  cryptor.tell({ t: 'send-key', key });
  const streams = (['audio', 'video'] as const).map((k, i) => ({ i, k, layer: 0 }));
  return announcementOf(key, { conf, streams, mh: [], to });
}

/** Takes another's key. */
function trust(device: string, body: SignalBody<'media-key'>): void {
  cryptor?.tell({ t: 'announce', device, body });
}

/**
 * Joins and sends what the browser has for microphone and camera, or a picture and a tone that are
 * known, with what mediasoup-client makes of the box's answers.
 */
async function join(body: object, isKnown = false): Promise<void> {
  for (const old of connections) old.close();
  const { rtp } = (await ask('join', body)) as Joined;
  const device = await Device.factory();
  await device.load({ routerRtpCapabilities: rtp });
  const send = await open('send', (options) => device.createSendTransport(options));
  send.on('produce', ({ kind, rtpParameters }, done, fail) => {
    const asked = ask('produce', { transport: send.id, kind, rtp: rtpParameters });
    void settle(asked as Promise<{ id: string }>, done, fail);
  });
  const receive = await open('recv', (options) => device.createRecvTransport(options));
  connections = [send, receive];
  consumers = [];
  const media = isKnown
    ? knownMedia()
    : await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  for (const track of media.getTracks()) {
    const medium = track.kind as 'audio' | 'video';
    const streams = [medium === 'audio' ? 0 : 1];
    const onRtpSender = (sender: RTCRtpSender) =>
      cryptor?.attach(sender, { way: 'send', medium, streams });
    await send.produce({ track, onRtpSender });
  }
  Object.assign(window, { look: () => look(device, receive) });
}

async function open(
  dir: 'send' | 'recv',
  make: (options: types.TransportOptions) => types.Transport,
): Promise<types.Transport> {
  const { id, ice, candidates, dtls } = (await ask('transport', { dir })) as Opened;
  const transport = make({
    ...{ id, iceParameters: ice, iceCandidates: candidates, dtlsParameters: dtls },
  });
  transport.on('connect', ({ dtlsParameters }, done, fail) => {
    const asked = ask('connect', { transport: id, dtls: dtlsParameters });
    void settle(asked, () => done(), fail);
  });
  return transport;
}

/** The library takes callbacks where everything else takes promises. */
async function settle<T>(
  asked: Promise<T>,
  done: (answer: T) => void,
  fail: (error: Error) => void,
): Promise<void> {
  try {
    done(await asked);
  } catch (error) {
    fail(error as Error);
  }
}

/** Consumes what is new, and says what was decoded so far. */
async function look(device: Device, receive: types.Transport): Promise<Decoded> {
  const { producers } = (await ask('', {})) as State;
  for (const { id, d } of producers) {
    if (d === me || consumers.some(({ producerId }) => producerId === id)) continue;
    const body = { transport: receive.id, producer: id, caps: device.recvRtpCapabilities };
    const {
      id: consumerId,
      kind,
      rtp,
    } = (await ask('consume', body)) as {
      id: string;
      kind: 'audio' | 'video';
      rtp: types.RtpParameters;
    };
    const consumer = await receive.consume({
      id: consumerId,
      producerId: id,
      kind,
      rtpParameters: rtp,
      onRtpReceiver: (receiver) =>
        cryptor?.attach(receiver, { way: 'receive', medium: kind, id, device: d }),
    });
    consumers.push(consumer);
    const player = document.createElement(kind === 'video' ? 'video' : 'audio');
    player.srcObject = new MediaStream([consumer.track]);
    document.body.append(player);
    void player.play();
    await ask('resume', { consumer: consumerId });
  }
  const decoded: Decoded = { framesDecoded: 0, audioEnergy: 0, streams: 0 };
  for (const consumer of consumers) {
    const reports = (await consumer.getStats()).values() as Iterable<RTCInboundRtpStreamStats>;
    for (const report of reports) {
      if (report.type !== 'inbound-rtp') continue;
      decoded.framesDecoded += report.framesDecoded ?? 0;
      decoded.audioEnergy += report.totalAudioEnergy ?? 0;
      decoded.streams += (report.packetsReceived ?? 0) > 30 ? 1 : 0;
    }
  }
  return decoded;
}

Object.assign(window, { join, seal, trust, decode });
