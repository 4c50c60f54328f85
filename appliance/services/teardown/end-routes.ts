import type { FileHandle } from 'node:fs/promises';
import { Downloads } from '#kernel/downloads.ts';
import type { Caller, Route, RouteReply, RouteRequest } from '#kernel/route.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import { encode } from '#protocol/codec/canonical-json.ts';
import { toBase64 } from '#protocol/codec/text-form.ts';
import { certificateRoute } from './wipe/certificate.ts';
import { refuse, refuseWith } from './errors.ts';
import type { Step } from './plan.ts';
import type { Proposed } from './record/record-file.ts';

/** What `GET /v1/end/state` answers. */
export interface EndState {
  step: Step;
  build?: { done: number; total: number };
  record?: Proposed;
  /** Seconds that the box has run since the close was final. */
  waited: number;
  /** Parties that the wipe waits for, once there is a record. */
  waits?: readonly string[];
}

/** What the doors ask. */
export interface EndDoors {
  state(): EndState;
  record(): Proposed | undefined;
  open(): Promise<FileHandle>;
  /** Mission commits since the sealing, raw, parents first; undefined before it. */
  later(): readonly Uint8Array[] | undefined;
  certificate(): Uint8Array | undefined;
  downloadsPerDeviceCount: number;
}

/** Doors of `/v1/end`, for everybody who is entitled to the record (T1). */
export function endRoutes(doors: EndDoors): Route[] {
  const downloads = new Downloads(doors.downloadsPerDeviceCount);
  const entitled = (
    path: string,
    handle: (request: RouteRequest) => Promise<RouteReply>,
  ): Route => ({ method: 'GET', path, access: 'entitled', maxBodyBytes: 0, handle });
  return [
    entitled('/v1/end/state', async () => ({ json: doors.state() })),
    entitled('/v1/end/record', (request) => record(doors, request, downloads)),
    entitled('/v1/end/receipt', async () => {
      const later = doors.later();
      if (!later) return refuse('TEARDOWN_RECORD_NONE');
      const bytes = utf8(encode({ commits: later.map(toBase64) }));
      return { bytes, type: 'application/json' };
    }),
    certificateRoute(doors.certificate),
  ];
}

async function record(
  doors: EndDoors,
  { caller, headers }: RouteRequest,
  downloads: Downloads,
): Promise<RouteReply> {
  const proposed = doors.record();
  if (!proposed) return refuse('TEARDOWN_RECORD_NONE');
  const { device } = caller as Caller;
  const { size } = proposed;
  const reply = await downloads.begin(device, headers['range'], size, () => doors.open());
  if (reply === 'crowd') return refuse('TEARDOWN_CROWD');
  if (reply === 'outside') {
    return refuseWith('TEARDOWN_RANGE_EMPTY', 416, { 'content-range': `bytes */${size}` });
  }
  return reply;
}
