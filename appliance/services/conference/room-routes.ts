import { z } from 'zod';
import type { Caller, Route, RouteReply } from '#kernel/route.ts';
import { isFingerprint } from '#protocol/codec/fingerprint.ts';
import { fromB64u } from '#protocol/codec/text-form.ts';
import { fromUtf8 } from '#protocol/codec/bytes.ts';
import { refuse, Refused } from './errors.ts';
import { capabilitiesForm, dtlsForm, kindForm, rtpForm } from './media-forms.ts';
import type { Rooms } from './rooms.ts';

/** Media parameters of a browser take about 4 KiB. */
const bodyBytes = 32_768;
const id = z.string().min(1).max(64);
const nothing = z.strictObject({});

const forms = {
  join: z.strictObject({
    cid: z.string().refine(isFingerprint),
    conf: z.string().refine((text) => fromB64u(text, 16) !== undefined),
  }),
  transport: z.strictObject({ dir: z.enum(['send', 'recv']) }),
  connect: z.strictObject({ transport: id, dtls: dtlsForm }),
  produce: z
    .strictObject({ transport: id, kind: kindForm, rtp: rtpForm })
    .refine(({ kind, rtp }) =>
      rtp.codecs.every(({ mimeType }) => mimeType.toLowerCase().startsWith(`${kind}/`)),
    ),
  consume: z.strictObject({ transport: id, producer: id, caps: capabilitiesForm }),
  resume: z.strictObject({ consumer: id }),
  close: z.union([z.strictObject({ producer: id }), z.strictObject({ consumer: id })]),
};

/** Doors of `/v1/rooms`. Bodies are plain JSON, as mediasoup's objects hold fractions and booleans. */
export function roomRoutes(rooms: Rooms): Route[] {
  return [
    door('POST', '/join', forms.join, async (device, room, { cid, conf }) => {
      const joined = await rooms.join(device, room, cid, conf);
      return { rtp: joined.capabilities, ...joined.state };
    }),
    door('POST', '/transport', forms.transport, (device, room, { dir }) =>
      rooms.step(device, room, async (here) => {
        const opened = await here.openTransport(device, dir);
        if (dir === 'send') rooms.tell(here, device);
        const { candidates, dtls, ice } = opened;
        return { id: opened.id, ice, candidates, dtls };
      }),
    ),
    door('POST', '/connect', forms.connect, (device, room, { transport, dtls }) =>
      rooms.step(device, room, async (here) => {
        await here.connect(device, transport, dtls);
        return {};
      }),
    ),
    door('POST', '/produce', forms.produce, (device, room, { transport, kind, rtp }) =>
      rooms.step(device, room, async (here) => {
        const producer = await here.produce(device, transport, kind, rtp);
        rooms.tell(here, device);
        return { id: producer };
      }),
    ),
    door('POST', '/consume', forms.consume, (device, room, { transport, producer, caps }) =>
      rooms.step(device, room, async (here) => {
        const consumer = await here.consume(device, transport, producer, caps);
        const { kind, rtp } = consumer;
        return { id: consumer.id, kind, rtp };
      }),
    ),
    door('POST', '/resume', forms.resume, (device, room, { consumer }) =>
      rooms.step(device, room, async (here) => {
        await here.resume(device, consumer);
        return {};
      }),
    ),
    door('POST', '/close', forms.close, (device, room, what) =>
      rooms.step(device, room, async (here) => {
        if ('consumer' in what) here.closeConsumer(device, what.consumer);
        else {
          here.closeProducer(device, what.producer);
          rooms.tell(here, device);
        }
        return {};
      }),
    ),
    door('POST', '/leave', nothing, async (device, room) => {
      rooms.leave(device, room);
      return {};
    }),
    door('GET', '', nothing, async (device, room) => {
      const here = rooms.find(device, room);
      // Whoever looks is there, also before its first media.
      if (here.has(device)) await rooms.step(device, room, async () => {});
      return here.state;
    }),
  ];
}

function door<T>(
  method: 'GET' | 'POST',
  below: string,
  form: z.ZodType<T>,
  answer: (device: string, room: string, body: T) => Promise<unknown>,
): Route {
  return {
    method,
    path: `/v1/rooms/:room${below}`,
    access: 'signed',
    maxBodyBytes: method === 'GET' ? 0 : bodyBytes,
    handle: async ({ caller, params, body }): Promise<RouteReply> => {
      const { room } = params;
      const said = form.safeParse(method === 'GET' ? {} : readJson(body));
      if (!isFingerprint(room) || !said.success) return refuse('CONFERENCE_REQUEST_MALFORMED');
      try {
        return { json: await answer((caller as Caller).device, room, said.data) };
      } catch (error) {
        if (error instanceof Refused) return refuse(error.code);
        throw error;
      }
    },
  };
}

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(body) ?? '');
  } catch {
    // Strangers send what they like; no form takes undefined.
    return undefined;
  }
}
