import { readFileSync } from 'node:fs';
import { checkCertificate } from './end/certificate.ts';
import { checkBundle, checkRecord, type Findings, type Progress } from './record/check.ts';
import { looksLikeBundle } from './record/bundle.ts';
import { fileBytes, type Bytes } from './record/bytes.ts';
import { attempt } from './refusal.ts';
import { accountOf, withCertificate, type Account } from './report/account.ts';
import { inWords } from './report/words.ts';

const usage =
  'usage: npm run verify -- RECORD [CERTIFICATE] [--json], or a mission’s .bundle alone';

/** What a run comes to: exit code 0 all holds, 1 something does not, 2 nothing to judge. */
export interface Outcome {
  readonly code: 0 | 1 | 2;
  readonly out: string;
  readonly err: string;
}

/** Judges what the arguments name. Whatever the files hold, it answers; it never throws for them. */
export function verify(args: readonly string[], progress: Progress): Outcome {
  const files = args.filter((one) => !one.startsWith('--'));
  const [record, certificate, ...more] = files;
  const isStrange = args.some((one) => one.startsWith('--') && one !== '--json');
  if (record === undefined || more.length > 0 || isStrange) return refused(usage);
  try {
    const bytes = fileBytes(record);
    try {
      const made = attempt(() => judge(bytes, certificate, progress));
      if ('refusal' in made) return refused(`This cannot be judged: ${made.refusal.message}.`);
      const account = made.value;
      const out = args.includes('--json')
        ? `${JSON.stringify(account, undefined, 1)}\n`
        : inWords(account);
      return { code: account.holds ? 0 : 1, out, err: '' };
    } finally {
      bytes.close();
    }
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return refused(`The file ${path ?? record} cannot be read (${code}).`);
  }
}

function judge(bytes: Bytes, certificate: string | undefined, progress: Progress): Account {
  const start = bytes.read(0, Math.min(bytes.size, 64));
  const findings = looksLikeBundle(start)
    ? checkBundle(bytes, progress)
    : checkRecord(bytes, progress);
  const account = accountOf(findings);
  if (certificate === undefined) return account;
  const { mission } = findings;
  if (mission === undefined || findings.manifest === undefined) {
    findings.faults.add('certificate', 'T7', 'it needs a whole record to be judged with');
    return { ...account, holds: false, faults: findings.faults.list };
  }
  const whole: Findings & { mission: typeof mission } = { ...findings, mission };
  const made = checkCertificate(readFileSync(certificate), whole, bytes, progress);
  return withCertificate(account, findings, made);
}

function refused(why: string): Outcome {
  return { code: 2, out: '', err: `${why}\n` };
}

/** Shows how far it is, on a terminal only, in one line. */
function progressLine(): Progress {
  if (!process.stderr.isTTY) return () => undefined;
  let last = '';
  return (what, share) => {
    const line = `${what}: ${Math.floor(100 * Math.min(1, share))} %`;
    if (line !== last) process.stderr.write(`\r\u001b[K${line}`);
    last = line;
  };
}

if (import.meta.main) {
  const { code, err, out } = verify(process.argv.slice(2), progressLine());
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  process.stdout.write(out);
  process.stderr.write(err);
  process.exitCode = code;
}
