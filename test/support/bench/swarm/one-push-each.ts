import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat, utf8 } from '#protocol/codec/bytes.ts';
import { writePack } from '#protocol/pack/write.ts';
import { nodeZlib } from '#kernel/node-zlib.ts';
import type { BoxUnderTest } from './box-under-test.ts';
import type { NodeDevice } from './node-device.ts';
import type { Asker } from './plain-network.ts';
import { PlainNetwork } from './plain-network.ts';
import { endedChildrenCpuMs, git } from './stock-rival.ts';

/** What a taken commit costs on average: by the clock, and of processors; milliseconds. */
export interface TakingCost {
  wallMs: number;
  cpuMs: number;
}

interface OnePush {
  oid: string;
  before: string;
  pack: Uint8Array;
}

/** Packs of one commit each, of messages that the device writes now and does not send. */
export async function writtenPushes(
  { room }: NodeDevice,
  device: string,
  count: number,
): Promise<OnePush[]> {
  let before = room.swarm.replica.newest(device)?.oid ?? '0'.repeat(40);
  for (let n = 0; n < count; n += 1) await room.say('text/plain', { body: `push ${n}` });
  return room.swarm.outbox.pending.map(({ objects, oid }) => {
    const push = { oid, before, pack: writePack(objects, nodeZlib) };
    before = oid;
    return push;
  });
}

/** The box takes them with full validation, durably, and announces each. */
export async function takenByBox(
  box: BoxUnderTest,
  asker: Asker,
  cid: string,
  pushes: readonly OnePush[],
): Promise<TakingCost> {
  const network = new PlainNetwork(box.origin, asker);
  const { signal } = new AbortController();
  const [begun, cpuBefore] = [performance.now(), box.cpuMs];
  for (const { oid, pack } of pushes) {
    const path = `/v1/s/${cid}/pack?head=${oid}`;
    const limits = { timeoutMs: 60_000, maxBytes: 2 ** 20, signal };
    const reply = await network.request({ method: 'POST', path, body: pack, ...limits });
    const { ok } = JSON.parse(new TextDecoder().decode(reply.body)) as { ok?: string[] };
    if (ok?.length !== 1) throw new Error(`the box did not take ${oid}`);
  }
  const count = pushes.length;
  return { wallMs: (performance.now() - begun) / count, cpuMs: (box.cpuMs - cpuBefore) / count };
}

/** Stock git takes them: `git receive-pack` with a hook that agrees to everything. */
export async function takenByGit(
  repository: string,
  device: string,
  pushes: readonly OnePush[],
): Promise<TakingCost> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-receive-'));
  try {
    const place = join(folder, 'swarm.git');
    await cp(repository, place, { recursive: true });
    await writeHook(join(place, 'hooks'));
    const [begun, cpuBefore] = [performance.now(), await endedChildrenCpuMs()];
    for (const { before, oid, pack } of pushes) {
      const command = `${before} ${oid} refs/swarm/dev/${device}\0report-status`;
      const length = (command.length + 4).toString(16).padStart(4, '0');
      const said = git(['receive-pack', place], concat(utf8(`${length}${command}0000`), pack));
      if (!said.includes(`ok refs/swarm/dev/${device}`)) throw new Error(said.toString());
    }
    const count = pushes.length;
    const cpuMs = ((await endedChildrenCpuMs()) - cpuBefore) / count;
    return { wallMs: (performance.now() - begun) / count, cpuMs };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeHook(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'pre-receive');
  await writeFile(path, '#!/bin/sh\nexit 0\n');
  await chmod(path, 0o755);
}
