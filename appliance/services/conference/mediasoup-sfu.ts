import { createWorker, type types } from 'mediasoup';
import { ApplianceError } from '#kernel/errors.ts';
import { Refusal } from '#kernel/refusal.ts';
import { mediaCodecs } from './codecs.ts';
import { conferenceErrors } from './errors.ts';
import { isAllowedExtension } from './media-forms.ts';
import type { Sfu, SfuListen, SfuRouter, SfuTransport, SfuWorker } from './sfu.ts';

/** A worker that does not go by itself is killed after so long. */
const CLOSE_MS = 2000;

/** What a browser is sent before its connection has been measured. */
const START_BITS_PER_SECOND = 1_000_000;

/** The SFU on mediasoup: each worker is a process of its own. */
export class MediasoupSfu implements Sfu {
  readonly #workerBin: string | undefined;

  /** `workerBin`: path of the worker's binary, if not the package's own. */
  constructor(workerBin?: string) {
    this.#workerBin = workerBin;
  }

  async openWorker(listen: SfuListen): Promise<SfuWorker> {
    const worker = await this.#createWorker();
    // Nobody else listens; without a listener the event would be thrown.
    worker.on('died', () => {});
    let server: types.WebRtcServer;
    try {
      server = await worker.createWebRtcServer({ listenInfos: listenInfos(listen) });
    } catch (error) {
      await close(worker);
      throw new Refusal(
        `Port ${listen.port} for conferences cannot be opened, UDP and TCP. ` +
          'Set "conference": {"rtcPort": …} to the first of a free range.',
        1,
        error,
      );
    }
    return {
      pid: worker.pid,
      get isDead() {
        return worker.died;
      },
      openRouter: () => openRouter(worker, server),
      onDeath: (listener) => void worker.once('died', listener),
      close: () => close(worker),
    };
  }

  async #createWorker(): Promise<types.Worker> {
    const workerBin = this.#workerBin;
    try {
      return await createWorker({ logLevel: 'error', ...(workerBin ? { workerBin } : {}) });
    } catch (error) {
      throw new ApplianceError(conferenceErrors, 'CONFERENCE_WORKER_FAILED', {}, error);
    }
  }
}

function listenInfos({
  addresses,
  announcedAddress,
  port,
}: SfuListen): types.TransportListenInfo[] {
  return addresses.flatMap((ip) =>
    (['udp', 'tcp'] as const).map((protocol) => ({
      protocol,
      ip,
      port,
      ...(announcedAddress ? { announcedAddress } : {}),
    })),
  );
}

async function openRouter(worker: types.Worker, server: types.WebRtcServer): Promise<SfuRouter> {
  const codecs = mediaCodecs.map((codec) => ({ ...codec }));
  const router = await worker.createRouter({ mediaCodecs: codecs });
  const { codecs: forwarded, headerExtensions } = router.rtpCapabilities;
  return {
    id: router.id,
    capabilities: {
      codecs: forwarded,
      headerExtensions: headerExtensions?.filter(isAllowedExtension),
    },
    openTransport: (bitsPerSecond) => openTransport(router, server, bitsPerSecond),
    close: () => router.close(),
  };
}

async function openTransport(
  router: types.Router,
  webRtcServer: types.WebRtcServer,
  bitsPerSecond: number,
): Promise<SfuTransport> {
  const transport = await router.createWebRtcTransport({
    ...{ webRtcServer, enableUdp: true, enableTcp: true, preferUdp: true },
    initialAvailableOutgoingBitrate: START_BITS_PER_SECOND,
  });
  await transport.setMaxIncomingBitrate(bitsPerSecond);
  return {
    id: transport.id,
    ice: transport.iceParameters,
    candidates: transport.iceCandidates,
    dtls: transport.dtlsParameters,
    get isConnected() {
      const { iceState, dtlsState, closed } = transport;
      const isHeard = iceState === 'connected' || iceState === 'completed';
      return !closed && isHeard && dtlsState === 'connected';
    },
    connect: (dtlsParameters) => transport.connect({ dtlsParameters }),
    produce: (kind, rtpParameters) =>
      transport.produce({ kind, rtpParameters: rtpParameters as types.RtpParameters }),
    consume: async (producerId, caps) => {
      const rtpCapabilities = caps as types.RtpCapabilities;
      const consumer = await transport.consume({ producerId, rtpCapabilities, paused: true });
      return {
        id: consumer.id,
        kind: consumer.kind,
        rtp: consumer.rtpParameters,
        resume: () => (consumer.paused ? consumer.resume() : consumer.requestKeyFrame()),
        close: () => consumer.close(),
      };
    },
    close: () => transport.close(),
  };
}

async function close(worker: types.Worker): Promise<void> {
  if (worker.subprocessClosed) return;
  const ended = new Promise<void>((resolve) => worker.on('subprocessclose', resolve));
  worker.close();
  const late = setTimeout(() => kill(worker.pid), CLOSE_MS);
  await ended;
  clearTimeout(late);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended in this very moment, which is what was wanted.
  }
}
