import type {
  PeerEvents,
  PeerLink,
  PeerOptions,
  PeerReading,
  Source,
  Track,
  TurnServer,
} from '#client/calls/ports.ts';
import type { Candidate } from '#client/calls/candidates.ts';
import { mediaOf } from './browser-track.ts';

/** Order of the media sections on both sides; each carries one source or nothing. */
const sections: readonly Source[] = ['microphone', 'camera', 'screen'];

/** Addresses are gathered in bursts; one signal for each would only cost signatures. */
const gatherMs = 60;

/** How long the last words may take before the way is closed. */
const farewellMs = 300;

/** A direct way: RTCPeerConnection with DTLS-SRTP, whose fingerprints the signed SDP carries. */
export class BrowserPeer implements PeerLink {
  readonly #events: PeerEvents;
  readonly #isOnlyRelay: boolean;
  readonly #connection: RTCPeerConnection;
  readonly #channel: RTCDataChannel;
  readonly #tracks = new Map<Source, Track | undefined>();
  readonly #streams = new Map<'camera' | 'screen', MediaStream>();
  /** Addresses that came before the description they belong to. */
  #early: Candidate[] = [];
  #gathered: Candidate[] = [];

  constructor(options: PeerOptions, events: PeerEvents) {
    this.#events = events;
    this.#isOnlyRelay = options.onlyRelay;
    const connection = new RTCPeerConnection(this.#configuration(options.turn));
    this.#connection = connection;
    this.#channel = connection.createDataChannel('said', { negotiated: true, id: 0 });
    this.#channel.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') events.onSaid(data);
    });
    this.#channel.addEventListener('open', () => {
      events.onState('up');
    });
    connection.addEventListener('icecandidate', ({ candidate }) => {
      this.#gather(candidate);
    });
    connection.addEventListener('connectionstatechange', () => {
      const state = connection.connectionState;
      if (state === 'connected' && this.#channel.readyState === 'open') events.onState('up');
      // A way that failed can still be found anew with a restart of ICE.
      if (state === 'disconnected' || state === 'failed') events.onState('down');
      if (state === 'closed') events.onState('dead');
    });
  }

  useTurn(turn: TurnServer | undefined): void {
    this.#connection.setConfiguration(this.#configuration(turn));
  }

  async offer(isRestart: boolean): Promise<string> {
    const connection = this.#connection;
    if (connection.getTransceivers().length === 0) {
      for (const source of sections) {
        connection.addTransceiver(source === 'microphone' ? 'audio' : 'video', {
          direction: 'sendrecv',
        });
      }
      await this.#sendAll();
    }
    await connection.setLocalDescription(await connection.createOffer({ iceRestart: isRestart }));
    return connection.localDescription?.sdp ?? '';
  }

  async answer(offer: string): Promise<string | undefined> {
    const connection = this.#connection;
    if (!(await this.#describe('offer', offer))) return undefined;
    const found = connection.getTransceivers();
    // Another program than ours; what it wants to send would be shown in the wrong place.
    if (found.length !== sections.length) return undefined;
    for (const one of found) one.direction = 'sendrecv';
    await this.#sendAll();
    await connection.setLocalDescription(await connection.createAnswer());
    return connection.localDescription?.sdp;
  }

  take(answer: string): Promise<boolean> {
    // To an offer that was replaced meanwhile: the next answer is under way.
    if (this.#connection.signalingState !== 'have-local-offer') return Promise.resolve(true);
    return this.#describe('answer', answer);
  }

  async add(candidates: readonly Candidate[]): Promise<void> {
    if (!this.#connection.remoteDescription) {
      this.#early.push(...candidates);
      return;
    }
    for (const { a, i, mid } of candidates) {
      // An address of an earlier round, or of a form that this browser does not know, is no loss.
      await this.#connection
        .addIceCandidate({ candidate: a, sdpMLineIndex: i, sdpMid: mid === '' ? null : mid })
        .catch(() => undefined);
    }
  }

  async use(source: Source, track: Track | undefined): Promise<void> {
    this.#tracks.set(source, track);
    await this.#sender(source)?.replaceTrack(mediaOf(track));
  }

  say(text: string): void {
    if (this.#channel.readyState === 'open') this.#channel.send(text);
  }

  async read(): Promise<PeerReading> {
    const stats = await this.#connection.getStats();
    const reports = [...(stats.values() as Iterable<Record<string, unknown>>)];
    const sound = reports.find((one) => one['type'] === 'inbound-rtp' && one['kind'] === 'audio');
    const pair = reports.find(
      (one) =>
        one['type'] === 'candidate-pair' &&
        one['nominated'] === true &&
        one['state'] === 'succeeded',
    );
    const level = Number(sound?.['audioLevel'] ?? 0);
    if (!pair) return { level };
    const ends = [pair['localCandidateId'], pair['remoteCandidateId']];
    const isRelayed = ends.some((id) => kindOf(stats, String(id)) === 'relay');
    return { level, path: isRelayed ? 'relay' : 'direct' };
  }

  stream(kind: 'camera' | 'screen'): MediaStream | undefined {
    const known = this.#streams.get(kind);
    if (known) return known;
    const wanted: readonly Source[] = kind === 'camera' ? ['microphone', 'camera'] : ['screen'];
    const tracks = wanted.flatMap((source) => this.#section(source)?.receiver.track ?? []);
    if (tracks.length !== wanted.length) return undefined;
    const made = new MediaStream(tracks);
    this.#streams.set(kind, made);
    return made;
  }

  close(): void {
    const mayBeSpeaking = this.#channel.readyState === 'open';
    // A data channel does not tell when its last words have gone: they get a moment.
    setTimeout(() => this.#connection.close(), mayBeSpeaking ? farewellMs : 0);
  }

  #configuration(turn: TurnServer | undefined): RTCConfiguration {
    return {
      iceServers: turn ? [{ ...turn, urls: [...turn.urls] }] : [],
      iceTransportPolicy: this.#isOnlyRelay ? 'relay' : 'all',
      bundlePolicy: 'max-bundle',
    };
  }

  async #describe(type: 'offer' | 'answer', sdp: string): Promise<boolean> {
    try {
      await this.#connection.setRemoteDescription({ type, sdp });
    } catch {
      // A description of a peer may be anything; the browser says no by throwing.
      return false;
    }
    const early = this.#early;
    this.#early = [];
    await this.add(early);
    return true;
  }

  #gather(candidate: RTCIceCandidate | null): void {
    if (!candidate || candidate.candidate === '') return;
    if (this.#gathered.length === 0) {
      setTimeout(() => {
        const found = this.#gathered;
        this.#gathered = [];
        this.#events.onCandidates(found);
      }, gatherMs);
    }
    this.#gathered.push({
      a: candidate.candidate,
      i: candidate.sdpMLineIndex ?? 0,
      mid: candidate.sdpMid ?? '',
    });
  }

  async #sendAll(): Promise<void> {
    for (const source of sections) await this.use(source, this.#tracks.get(source));
  }

  #section(source: Source): RTCRtpTransceiver | undefined {
    return this.#connection.getTransceivers()[sections.indexOf(source)];
  }

  #sender(source: Source): RTCRtpSender | undefined {
    return this.#section(source)?.sender;
  }
}

function kindOf(stats: RTCStatsReport, id: string): unknown {
  return (stats.get(id) as { candidateType?: string } | undefined)?.candidateType;
}
