import { Device, type types } from 'mediasoup-client';

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
}

const { ask, me } = window as unknown as { ask: Ask; me: string };
let connections: types.Transport[] = [];
let consumers: types.Consumer[] = [];

/** Joins and sends microphone and camera, with what mediasoup-client makes of the box's answers. */
async function join(body: object): Promise<void> {
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
  const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  for (const track of media.getTracks()) await send.produce({ track });
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
    });
    consumers.push(consumer);
    const player = document.createElement(kind === 'video' ? 'video' : 'audio');
    player.srcObject = new MediaStream([consumer.track]);
    document.body.append(player);
    void player.play();
    await ask('resume', { consumer: consumerId });
  }
  const decoded: Decoded = { framesDecoded: 0, audioEnergy: 0 };
  for (const consumer of consumers) {
    for (const report of (await consumer.getStats()).values()) {
      decoded.framesDecoded += (report as { framesDecoded?: number }).framesDecoded ?? 0;
      decoded.audioEnergy += (report as { totalAudioEnergy?: number }).totalAudioEnergy ?? 0;
    }
  }
  return decoded;
}

Object.assign(window, { join });
