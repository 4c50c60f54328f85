import { parseArgs } from 'node:util';
import { Refusal } from '#kernel/refusal.ts';

/** What the command line asks for. */
export interface Options {
  config: string | undefined;
  data: string | undefined;
  printConfig: boolean;
  help: boolean;
}

/** Shown by `--help`. */
export const helpText = `Usage: npm start -- [options]

  --config FILE     settings, one JSON file; every key has a default
  --data DIR        where the box keeps everything (default: ~/.local/state/parley)
  --print-config    print the settings in use, with defaults and meanings, and end
  --help            print this and end

Stop the box with Ctrl-C.
`;

/** Reads the command line; throws a Refusal for anything it does not know. */
export function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        config: { type: 'string' },
        data: { type: 'string' },
        'print-config': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const { config, data, help } = values;
    // What a script gives for a variable that is not set; as a path it would be the present directory.
    if (config === '') throw new Error("Option '--config FILE' has no value");
    if (data === '') throw new Error("Option '--data DIR' has no value");
    return { config, data, printConfig: values['print-config'], help };
  } catch (error) {
    // The first sentence of Node's message names the option; the rest is advice about Node.
    const [reason = ''] = (error instanceof Error ? error.message : '').split('. ');
    throw new Refusal(`${reason.replace(/\.$/, '')}. See npm start -- --help.`, 2, error);
  }
}
