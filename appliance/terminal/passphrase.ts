import { readFile } from 'node:fs/promises';
import { ReadStream } from 'node:tty';
import { exitCodes, Stop, systemCode } from './stop.ts';

/** The variable that may hold the passphrase. */
const variable = 'PARLEY_PASSPHRASE';

/**
 * The passphrase: from the file that was named, else the environment, else the terminal, which is
 * asked twice for a new one: nobody could open what a slip of the finger has sealed.
 */
export async function readPassphrase(file: string | undefined, isNew: boolean): Promise<string> {
  const found = file === undefined ? (process.env[variable] ?? '') : await firstLine(file);
  if (found !== '') return found;
  if (file !== undefined) throw new Stop(`The passphrase file ${file} is empty.`, exitCodes.usage);
  if (!process.stdin.isTTY) {
    throw new Stop(
      `A passphrase is needed: name a file with --passphrase-file, or set ${variable}.`,
      exitCodes.usage,
    );
  }
  const typed = await typedLine('Passphrase of this device: ');
  if (typed === '') throw new Stop('Without a passphrase nothing is opened.', exitCodes.usage);
  if (isNew && (await typedLine('The same once more: ')) !== typed) {
    throw new Stop('The two passphrases differ. Nothing was made.', exitCodes.usage);
  }
  return typed;
}

async function firstLine(file: string): Promise<string> {
  try {
    const [line = ''] = (await readFile(file, 'utf8')).split(/\r?\n/);
    return line;
  } catch (error) {
    const why = systemCode(error);
    throw new Stop(`The passphrase file ${file} cannot be read (${why}).`, exitCodes.usage, error);
  }
}

/** One line from the terminal that nobody can read over the shoulder. */
function typedLine(prompt: string): Promise<string> {
  process.stderr.write(prompt);
  const input = new ReadStream(0).setRawMode(true);
  let line = '';
  return new Promise((resolve, reject) => {
    const end = (act: () => void): void => {
      input.setRawMode(false);
      input.destroy();
      process.stderr.write('\n');
      act();
    };
    input.on('data', (typed: Buffer) => {
      for (const sign of typed.toString()) {
        if (sign === '\r' || sign === '\n') return end(() => resolve(line));
        if (sign === '\u0003') return end(() => reject(new Stop('Stopped.')));
        line = sign === '\u007f' ? line.slice(0, -1) : line + sign;
      }
    });
  });
}
