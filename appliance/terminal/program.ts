import { parseArgs } from 'node:util';
import { isAbsolute, join, resolve } from 'node:path';
import { homedir } from 'node:os';
import { ClientProblem } from '#client/model.ts';
import type { Call, Command } from './command.ts';
import { commands } from './commands.ts';
import { Device } from './device.ts';
import { commandHelp, programHelp } from './help.ts';
import { Output } from './output.ts';
import { readPassphrase } from './passphrase.ts';
import { StateDirectory } from './state/state-directory.ts';
import { exitCodes, Stop, systemCode, type ExitCode } from './stop.ts';

const commonOptions = {
  state: { type: 'string' },
  'passphrase-file': { type: 'string' },
  box: { type: 'string' },
  from: { type: 'string' },
  wait: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

/** Runs one command line; resolves to the exit code. Nothing is thrown: all is said in words. */
export async function runProgram(args: readonly string[], signal: AbortSignal): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(programHelp(commands));
    return name === undefined ? exitCodes.usage : exitCodes.done;
  }
  const opened: Device[] = [];
  const out = new Output(rest.includes('--json'));
  try {
    const command = commands.find((one) => one.name === name);
    if (!command) throw new Stop(`There is no command ${name}. See --help.`, exitCodes.usage);
    const { values, positionals } = read(command, rest);
    if (values['help'] === true) {
      process.stdout.write(commandHelp(command));
      return exitCodes.done;
    }
    checkWords(command, positionals);
    const call = callOf(values, positionals, out, signal, opened);
    return (await command.run(call)) ?? exitCodes.done;
  } catch (error) {
    return told(error, out);
  } finally {
    for (const device of opened) await device.stop();
  }
}

function callOf(
  values: Values,
  words: readonly string[],
  out: Output,
  signal: AbortSignal,
  opened: Device[],
): Call {
  const text = (option: string): string | undefined => {
    const value = values[option];
    return typeof value === 'string' ? value : undefined;
  };
  const root = pathOf(text('state') ?? usualState());
  const call: Call = {
    words,
    out,
    signal,
    waitMs: secondsOf(text('wait')),
    text,
    texts: (option) => [values[option] ?? []].flat().map(String),
    flag: (option) => values[option] === true,
    path: pathOf,
    async open(link) {
      const box = text('box');
      const origin = originOf(box ?? link ?? '', box === undefined ? 'The link' : '--box');
      const file = text('passphrase-file');
      const isNew = !(await StateDirectory.isThere(root));
      const state = await StateDirectory.open(root, () =>
        readPassphrase(file === undefined ? undefined : pathOf(file), isNew),
      );
      try {
        const device = await Device.start(state, origin, out, signal, text('from'));
        opened.push(device);
        return device;
      } catch (error) {
        await state.release();
        throw error;
      }
    },
    async inMission() {
      if (!(await StateDirectory.isThere(root))) {
        throw new Stop(`No device was begun in ${root} yet: begin with found or join.`);
      }
      const device = await call.open();
      // Throws where there is none.
      void device.mission;
      return device;
    },
  };
  return call;
}

function read(command: Command, args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { ...command.options, ...commonOptions },
      allowPositionals: true,
    }) as { values: Values; positionals: string[] };
  } catch (error) {
    // The first sentence of Node's message names the option; the rest is advice about Node.
    const [reason = ''] = (error instanceof Error ? error.message : '').split('. ');
    const sentence = `${reason.replace(/\.$/, '')}. See ${command.name} --help.`;
    throw new Stop(sentence, exitCodes.usage, error);
  }
}

function checkWords(
  { name, usage, words: [least, most] }: Command,
  words: readonly string[],
): void {
  if (words.length >= least && words.length <= most) return;
  throw new Stop(`Usage: ${name} ${usage}. See ${name} --help.`, exitCodes.usage);
}

function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,6}$/.test(text)) throw new Stop('--wait takes seconds.', exitCodes.usage);
  return Number(text) * 1000;
}

/** Scheme, host and port of a link; undefined for a bare code, which names no place. */
function originOf(link: string, what: string): string | undefined {
  const address = link.trim();
  if (!address.includes('://')) return undefined;
  const { protocol, origin } = URL.parse(address) ?? {};
  if (origin !== undefined && (protocol === 'https:' || protocol === 'http:')) return origin;
  throw new Stop(`${what} is not an address such as https://192.168.1.5:8443.`, exitCodes.usage);
}

/** npm runs us in the folder of the program and tells where the person is. */
function pathOf(text: string): string {
  return isAbsolute(text) ? text : resolve(process.env['INIT_CWD'] ?? process.cwd(), text);
}

function usualState(): string {
  const data = process.env['XDG_DATA_HOME'];
  const home = data !== undefined && isAbsolute(data) ? data : join(homedir(), '.local', 'share');
  return join(home, 'parley', 'client');
}

/** Says what went wrong, as a sentence or as JSON, on standard error. */
function told(error: unknown, out: Output): ExitCode {
  const { code, sentence, exitCode } = inWords(error);
  if (out.isJson)
    process.stderr.write(`${JSON.stringify({ event: 'error', code, says: sentence })}\n`);
  else out.note(sentence);
  return exitCode;
}

function inWords(error: unknown): { code: string; sentence: string; exitCode: ExitCode } {
  if (error instanceof Stop)
    return { code: 'STOP', sentence: error.message, exitCode: error.exitCode };
  if (error instanceof ClientProblem) {
    const { code, says, advice } = error.problem;
    const why = code === 'ENGINE_MISTAKE' ? ` ${reasonOf(error.cause)}` : '';
    return { code, sentence: `${says} ${advice} (${code})${why}`, exitCode: exitCodes.refused };
  }
  const code = systemCode(error) || 'MISTAKE';
  return { code, sentence: `This went wrong: ${reasonOf(error)}`, exitCode: exitCodes.refused };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
