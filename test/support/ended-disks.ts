import { createHash } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeEngine } from '#kernel/node-engine.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { EndBox } from './end-box.ts';
import { closeAll, foundOn, talk } from './end-people.ts';
import { paperFounding } from './founders.ts';

/** `closed`: every device has said its last; `signed`: every party has signed for the record. */
export type EndedDisk = 'closed' | 'signed';

/** Data directories of a box at two moments of a mission's end; the next step is the box's. */
export interface EndedDisks {
  boxKey: string;
  /** SHA-512 of the record that was signed for. */
  h: string;
  /** Texts that stand on these disks, and on none from which the mission was wiped. */
  canaries: string[];
  /** A directory of its own with a copy of a disk as `data`. */
  copy(of: EndedDisk): Promise<string>;
  remove(): Promise<void>;
}

/** Makes them: two parties, a conversation, a file. */
export async function endedDisks(): Promise<EndedDisks> {
  const room = await mkdtemp(join(tmpdir(), 'parley-ended-'));
  const box = await EndBox.start(join(room, 'now'));
  const people = await foundOn(() => box, await paperFounding(2));
  const [red] = people as [(typeof people)[number]];
  const cid = await talk(people, ['one', 'two']);
  const file = nodeEngine.random(90_000);
  const address = createHash('sha512').update(file).digest('hex');
  const put = await box.put(red.caller, address, file);
  if (!put.isFine) throw new Error(put.code);
  const keep = async (name: EndedDisk): Promise<void> => {
    await box.close();
    await cp(join(room, 'now'), join(room, name), { recursive: true });
    await box.open();
  };
  await box.teardown.stop();
  await closeAll(people);
  await keep('closed');
  const { record } = await box.reaches(red.caller, 'ready');
  for (const one of people) await one.agree();
  const { bytes } = await box.record(red.caller);
  await box.teardown.stop();
  for (const one of people) await one.receipt(undefined, bytes);
  await keep('signed');
  await box.close();
  const start = Buffer.from(file.subarray(0, 32)).toString('latin1');
  return {
    boxKey: toB64u(box.identity.publicKey),
    h: record?.h ?? '',
    canaries: [cid, address, red.caller.device, red.caller.party, start],
    copy: async (of) => {
      const home = await mkdtemp(join(tmpdir(), 'parley-cut-'));
      await cp(join(room, of), join(home, 'data'), { recursive: true });
      return home;
    },
    remove: () => rm(room, { recursive: true }),
  };
}
