import type { ParseArgsOptionsConfig } from 'node:util';
import type { Device } from './device.ts';
import type { Output } from './output.ts';
import type { ExitCode } from './stop.ts';

/** One thing that the program can be asked for. */
export interface Command {
  readonly name: string;
  /** What stands behind the name on the command line. */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** The rest of its help: what it does, its options, an example. */
  readonly help: string;
  /** Its own options; those that all commands have come by themselves. */
  readonly options: ParseArgsOptionsConfig;
  /** Words that may stand behind the name: at least, at most. */
  readonly words: readonly [least: number, most: number];
  /** Resolves to the exit code; `done` if it has none. Throws `Stop` and `ClientProblem`. */
  run(call: Call): Promise<ExitCode | undefined>;
}

/** One call of a command. */
export interface Call {
  readonly words: readonly string[];
  readonly out: Output;
  /** Aborts when the program is to end. */
  readonly signal: AbortSignal;
  /** What `--wait` said, in milliseconds. */
  readonly waitMs: number | undefined;
  text(option: string): string | undefined;
  texts(option: string): readonly string[];
  flag(option: string): boolean;
  /** A path as the person meant it, who may stand in another folder than the program. */
  path(text: string): string;
  /** Opens the state directory and starts the engine in it; a link says where the box is. */
  open(link?: string): Promise<Device>;
  /** The same, refused where the device is in no mission. */
  inMission(): Promise<Device>;
}
