import { readContentRange } from '#kernel/byte-range.ts';
import { Downloads } from '#kernel/downloads.ts';
import type { Caller, Route, RouteReply, RouteRequest } from '#kernel/route.ts';
import { refuse, refuseWith } from './errors.ts';
import { isAddress, type FileShelf } from './file-shelf.ts';
import type { Progress, Uploads } from './uploads.ts';

/** What the doors need. */
export interface FileDoors {
  uploads: Uploads;
  shelf: FileShelf;
  downloadsPerDeviceCount: number;
  /** Refuses writes while the box is about to stop. */
  isClosing(): boolean;
}

/** Largest part, and so the most that one request holds in memory. */
const partBytes = 4 * 1024 * 1024;
/** Smallest part but the last: each costs a write to the disk that is waited for. */
const minPartBytes = 65_536;
const path = '/v1/f/:address';

/** Doors of `/v1/f`; the gateway has checked that the caller is a device of the mission. */
export function fileRoutes(doors: FileDoors): Route[] {
  const signed = { path, access: 'signed' as const };
  const downloads = new Downloads(doors.downloadsPerDeviceCount);
  return [
    { method: 'HEAD', ...signed, maxBodyBytes: 0, handle: at(doors, head) },
    { method: 'PUT', ...signed, maxBodyBytes: partBytes, handle: at(doors, put) },
    {
      method: 'GET',
      ...signed,
      maxBodyBytes: 0,
      handle: at(doors, (known, address, request) => get(known, address, request, downloads)),
    },
  ];
}

type Handle = (doors: FileDoors, address: string, request: RouteRequest) => Promise<RouteReply>;

function at(doors: FileDoors, handle: Handle): Route['handle'] {
  return async (request) => {
    const { address } = request.params;
    if (!isAddress(address)) return refuse('FILES_REQUEST_MALFORMED');
    return handle(doors, address, request);
  };
}

async function head(
  { uploads }: FileDoors,
  address: string,
  request: RouteRequest,
): Promise<RouteReply> {
  const progress = uploads.progress((request.caller as Caller).device, address);
  if (!progress) return refuseWith('FILES_UNKNOWN', 404);
  return { bytes: new Uint8Array(), headers: headersOf(progress) };
}

async function put(
  { uploads, isClosing }: FileDoors,
  address: string,
  { caller, headers, body }: RouteRequest,
): Promise<RouteReply> {
  if (isClosing()) return refuse('FILES_CLOSING');
  const range = readContentRange(headers['content-range']);
  if (!range || body.length !== range.to - range.from + 1) return refuse('FILES_REQUEST_MALFORMED');
  if (body.length < Math.min(minPartBytes, range.total - range.from)) {
    return refuse('FILES_REQUEST_MALFORMED');
  }
  const outcome = await uploads.add(caller as Caller, address, range, body);
  if (!('code' in outcome)) return { json: outcome, headers: headersOf(outcome) };
  if (outcome.at) return refuseWith(outcome.code, 409, headersOf(outcome.at));
  return refuse(outcome.code, outcome.code === 'FILES_DISK_FULL' ? 60 : undefined);
}

async function get(
  { shelf }: FileDoors,
  address: string,
  request: RouteRequest,
  downloads: Downloads,
): Promise<RouteReply> {
  const size = shelf.sizes.get(address);
  if (size === undefined) return refuseWith('FILES_UNKNOWN', 404);
  const { device } = request.caller as Caller;
  const reply = await downloads.begin(device, request.headers['range'], size, () =>
    shelf.open(address),
  );
  if (reply === 'crowd') return refuse('FILES_CROWD');
  if (reply === 'outside') {
    return refuseWith('FILES_RANGE_EMPTY', 416, { 'content-range': `bytes */${size}` });
  }
  return reply;
}

function headersOf({ have, size }: Progress): Record<string, string> {
  return { 'parley-have': String(have), 'parley-size': String(size) };
}
