import type { Command } from './command.ts';

const common = `  --state DIR              where this device keeps everything
                           (default: $XDG_DATA_HOME/parley/client, else ~/.local/share/parley/client)
  --passphrase-file FILE   its first line opens the state directory; else $PARLEY_PASSPHRASE,
                           else the terminal is asked
  --box URL                where the box is, such as https://192.168.1.5:8443; kept for next time
  --from ADDRESS           which of this machine's addresses to use, where it has several
  --wait SECONDS           how long to wait for the box or for people
  --json                   results as one JSON object a line
  --help                   this help
`;

/** The help of the whole program, which is the shortest introduction to the protocol. */
export function programHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: npm run client -- COMMAND [words] [options]

A device of one person in a Parley mission, without a screen: for bots, bridges and load.

How it works, in seven sentences. Organisations (parties) that do not trust each other's systems
found a mission on one box; whoever compares the safety code knows that nobody stands between them.
A person is a key that the party has certified; a device is a key that the person has certified.
Everything that is said or decided is a git commit, signed by a device, that names what it has seen;
the commits of one conversation are a swarm, and every device works out from the same commits, by
the same rules, who may do what. The box stores commits and passes them on; it reads none of them,
and no device believes it anything. Texts and names are sealed under the key of an epoch, which is
boxed for each device; files are sealed by themselves, and their keys travel in messages. A hint over
MQTT says that something is new; the device then asks over HTTPS, with a proof on each request. At
the end all parties save the same record, sign for it, and the box proves that it erased everything.

Commands, in the order in which they are needed:
${lines.join('\n')}

Options of every command:
${common}
Exit codes: 0 done · 1 refused, the sentence says why · 2 mistake on the command line ·
3 kept on this device, but the box did not confirm it in time (it goes out with the next command).

For programs: "npm run --silent client -- …", or node appliance/terminal/main.ts.
How to write another client: appliance/terminal/WRITING-A-CLIENT.md.
`;
}

/** The help of one command. */
export function commandHelp({ name, usage, summary, help }: Command): string {
  const line = `Usage: npm run client -- ${name} ${usage}`.trimEnd();
  return `${line}\n\n${summary}\n\n${help.trim()}\n\nOptions of every command:\n${common}`;
}
