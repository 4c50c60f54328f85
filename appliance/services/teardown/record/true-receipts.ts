import type { MissionReplica } from '#protocol/admit/replica.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { challengeOf, possession } from '#protocol/export/possession.ts';
import type { FileHashes } from '#protocol/ports.ts';
import {
  endUnits,
  noncesFor,
  receiptOf,
  type Receipt,
  type RecordName,
} from '#protocol/state/end.ts';
import type { RecordFile } from './record-file.ts';

/**
 * Which receipts prove that their party has the record (T5): the possession in them is compared
 * with the bytes. Each is looked at once; of a party only the newest, so that a stream of false
 * ones costs one reading of the record each and no more.
 */
export class TrueReceipts {
  readonly #record: RecordFile;
  readonly #hashes: FileHashes;
  readonly #judged = new Map<string, boolean>();

  constructor(record: RecordFile, hashes: FileHashes) {
    this.#record = record;
    this.#hashes = hashes;
  }

  /** Whether a receipt was looked at and is true. */
  has(receipt: Receipt): boolean {
    return this.#judged.get(receipt.by) === true;
  }

  /** Looks at what is new for this record. */
  async look(mission: MissionReplica, name: RecordName): Promise<void> {
    const { state } = mission.view();
    for (const party of endUnits(state)) {
      const receipt = receiptOf(state, party, name);
      if (!receipt || this.#judged.has(receipt.by)) continue;
      this.#judged.set(receipt.by, await this.#isTrue(mission, receipt));
    }
  }

  async #isTrue(mission: MissionReplica, receipt: Receipt): Promise<boolean> {
    const op = mission.op(receipt.by);
    if (!op) return false;
    const { state } = mission.swarm.viewOf(op.parents, []);
    const challenge = challengeOf(receipt.party, noncesFor(state, receipt.party, receipt));
    const p = await this.#record.read((bytes) => possession(this.#hashes, challenge, bytes));
    return toB64u(p) === receipt.p;
  }
}
