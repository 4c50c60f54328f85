import { decode, encode, fields, integer, utf8 } from '../bytes/canonical-json.ts';
import { H } from '../bytes/hash.ts';
import { isSigned } from '../bytes/sshsig.ts';
import { b64u, fromB64u, hash64 } from '../bytes/text-form.ts';
import { must } from '../refusal.ts';

/**
 * The box's receipts of one swarm (SWARM §11.3): lines of CJ `{"c":{"cid","p","sid","t"},"s"}`, each
 * naming the hash of the one before, signed by the box. Returns the commits it took, in its order.
 */
export function readReceipts(
  bytes: Uint8Array,
  cid: string,
  boxKey: Uint8Array | undefined,
  has: (sid: string) => boolean,
): string[] {
  const lines = utf8(bytes).split('\n');
  must(lines.pop() === '', 'receipts', 'the last line has no end');
  let before: string | undefined;
  return lines.map((line) => {
    const { c, s } = fields(decode(line), ['c', 's']);
    const said = fields(c, ['cid', 'p', 'sid', 't']);
    must(said['cid'] === cid, 'receipts', 'a line is of another conversation');
    integer(said['t']);
    const p = before === undefined ? '' : b64u(H('receipt', before));
    must(said['p'] === p, 'receipts', 'a line does not follow the one before');
    const signature = fromB64u(s, 64);
    const isByBox =
      boxKey === undefined || isSigned(boxKey, 'parley-box-v1', encode(said), signature);
    must(isByBox, 'receipts', 'the box did not sign a line');
    const sid = hash64(said['sid']);
    must(has(sid), 'receipts', 'a line is about a commit that is not in the record');
    before = line;
    return sid;
  });
}
