import { DigestCheck } from '#protocol/media/digest-check.ts';
import { DigestWriter } from '#protocol/media/digest.ts';
import { announcementOf, SenderKeys } from '#protocol/media/sender-keys.ts';
import type { StreamEntry } from '#protocol/media/signal-form.ts';
import type { Engine } from '#protocol/ports.ts';
import { canCryptFrames, FrameCryptor } from '../../../web/e2ee/frame-cryptor.ts';
import type { FromWorker } from '../../../web/e2ee/messages.ts';

/** What a run saw at the receiving end. */
export interface Seen {
  framesDecoded: number;
  framesReceived: number;
  audioEnergy: number;
  sampleSeconds: number;
  packetsReceived: number;
  trust: readonly string[];
  dropped: Record<string, number>;
  kinds: readonly string[];
  sealMs: number;
  openMs: number;
}

/** What happens in a run. */
export interface Plan {
  /** The receiver gets this key: the right one, one that is not the sender's, or none. */
  receiverKey: 'right' | 'wrong' | 'none';
  /** The sender never gets a key. */
  isSenderSilent?: boolean;
  /** After half of the time somebody leaves; the receiver is told the new key, or not. */
  rekey?: 'told' | 'untold';
  seconds: number;
}

const engine: Engine = {
  verify: () => Promise.resolve(false),
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
};
const conf = 'A'.repeat(22);
const device = 'a'.repeat(51) + 'q';
const streams: StreamEntry[] = [
  { i: 0, k: 'audio', layer: 0 },
  { i: 1, k: 'video', layer: 0 },
];
const pause = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000));

async function run(plan: Plan): Promise<Seen> {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.onicecandidate = ({ candidate }) => void b.addIceCandidate(candidate ?? undefined);
  b.onicecandidate = ({ candidate }) => void a.addIceCandidate(candidate ?? undefined);
  const keys = new SenderKeys(engine);
  const writer = new DigestWriter(conf, keys.key.session);
  const check = new DigestCheck(performance.now());
  const dropped: Record<string, number> = {};
  const kinds: string[] = [];
  const load = { seal: [0, 0], open: [0, 0] };
  const onSent = (message: FromWorker) => {
    if (message.t === 'load') add(load.seal, message);
    if (message.t !== 'sent') return;
    message.frames.forEach((frame) => writer.add(frame));
    check.take(writer.close(), performance.now());
  };
  const onShown = (message: FromWorker) => {
    if (message.t === 'load') add(load.open, message);
    if (message.t === 'dropped') {
      dropped[message.why] = (dropped[message.why] ?? 0) + message.frames;
    }
    if (message.t === 'stream') kinds.push(message.stream.k);
    if (message.t !== 'shown') return;
    for (const frame of message.frames) check.shown(frame, performance.now());
    check.judge(performance.now());
  };
  const [sending, receiving] = [new FrameCryptor(conf, onSent), new FrameCryptor(conf, onShown)];
  sending.start();
  receiving.start();

  b.ontrack = ({ receiver, track }) => {
    const medium = track.kind as 'audio' | 'video';
    receiving.attach(receiver, { way: 'receive', medium, id: medium, device });
    // Sound that nobody plays is not decoded.
    const element = document.createElement(medium);
    Object.assign(element, { srcObject: new MediaStream([track]), autoplay: true, muted: false });
    document.body.append(element);
    void element.play().catch(() => undefined);
  };
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: true,
    video: { width: 640, height: 480, frameRate: 30 },
  });
  for (const track of stream.getTracks()) {
    const medium = track.kind as 'audio' | 'video';
    const { sender } = a.addTransceiver(track, { direction: 'sendonly' });
    sending.attach(sender, { way: 'send', medium, streams: [medium === 'audio' ? 0 : 1] });
  }
  const vp8 = RTCRtpSender.getCapabilities('video')?.codecs.filter(
    (c) => c.mimeType === 'video/VP8',
  );
  for (const transceiver of a.getTransceivers()) {
    if (transceiver.sender.track?.kind === 'video') transceiver.setCodecPreferences(vp8 ?? []);
  }
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription as RTCSessionDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription as RTCSessionDescription);

  const told = (base = keys.key.base) =>
    announcementOf({ ...keys.key, base }, { conf, streams, mh: [], to: [device] });
  if (plan.receiverKey !== 'none') {
    const base = plan.receiverKey === 'right' ? keys.key.base : engine.random(32);
    receiving.tell({ t: 'announce', device, body: told(base) });
  }
  if (plan.isSenderSilent !== true) sending.tell({ t: 'send-key', key: keys.key });
  await pause(plan.seconds / 2);
  let before = await stats(b);
  if (plan.rekey !== undefined) {
    const key = keys.left();
    if (plan.rekey === 'told') receiving.tell({ t: 'announce', device, body: told() });
    sending.tell({ t: 'send-key', key });
    before = plan.rekey === 'told' ? await stats(b) : await quiet(b);
  }
  await pause(plan.seconds / 2);
  const after = await stats(b);
  const trust = [check.trust(0, performance.now()), check.trust(1, performance.now())];
  for (const end of [sending, receiving]) end.stop();
  for (const end of [a, b]) end.close();
  for (const track of stream.getTracks()) track.stop();
  const since = plan.rekey === undefined ? 0 : 1;
  return {
    framesDecoded: after.framesDecoded - since * before.framesDecoded,
    framesReceived: after.framesReceived,
    audioEnergy: after.audioEnergy - since * before.audioEnergy,
    sampleSeconds: after.sampleSeconds,
    packetsReceived: after.packetsReceived,
    trust,
    dropped,
    kinds: kinds.toSorted(),
    sealMs: each(load.seal),
    openMs: each(load.open),
  };
}

function add(sum: number[], { frames, ms }: { frames: number; ms: number }): void {
  sum[0] = (sum[0] ?? 0) + frames;
  sum[1] = (sum[1] ?? 0) + ms;
}

const each = ([frames = 0, ms = 0]: number[]) => (frames === 0 ? 0 : ms / frames);

/** What was received once nothing more comes out: what was under way under the old key may still arrive. */
async function quiet(connection: RTCPeerConnection) {
  let before = await stats(connection);
  for (let waited = 0; waited < 10; waited += 0.5) {
    await pause(0.5);
    const now = await stats(connection);
    const isQuiet = now.audioEnergy - before.audioEnergy < 1e-7;
    if (isQuiet && now.framesDecoded === before.framesDecoded) return now;
    before = now;
  }
  return before;
}

async function stats(connection: RTCPeerConnection) {
  const sum = {
    framesDecoded: 0,
    framesReceived: 0,
    audioEnergy: 0,
    sampleSeconds: 0,
    packetsReceived: 0,
  };
  for (const report of (
    await connection.getStats()
  ).values() as Iterable<RTCInboundRtpStreamStats>) {
    if (report.type !== 'inbound-rtp') continue;
    sum.framesDecoded += report.framesDecoded ?? 0;
    sum.framesReceived += report.framesReceived ?? 0;
    sum.audioEnergy += report.totalAudioEnergy ?? 0;
    sum.sampleSeconds += report.totalSamplesDuration ?? 0;
    sum.packetsReceived += report.packetsReceived ?? 0;
  }
  return sum;
}

Object.assign(window, { run, canCryptFrames });
