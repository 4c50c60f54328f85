import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A Wi-Fi that keeps its guests apart, made of network namespaces: everybody reaches the box, and
 * nobody anybody else. Needs root.
 */
export class IsolatedNetwork {
  readonly boxAddress = '10.99.0.1';
  readonly #prefix = `parley-${process.pid}-`;
  readonly #places: string[] = [];

  /** Makes the box's namespace with its bridge. */
  start(): void {
    this.#add('box');
    this.#ip('box', 'link add br0 type bridge');
    this.#ip('box', `addr add ${this.boxAddress}/24 dev br0`);
    this.#ip('box', 'link set br0 up');
  }

  /** Makes a namespace whose only neighbour is the box. */
  join(name: string): void {
    this.#add(name);
    this.#ip('box', `link add ${name} type veth peer name wlan0 netns ${this.#prefix}${name}`);
    this.#ip('box', `link set ${name} master br0`);
    this.#ip('box', `link set ${name} type bridge_slave isolated on`);
    this.#ip('box', `link set ${name} up`);
    this.#ip(name, `addr add 10.99.0.${this.#places.length}/24 dev wlan0`);
    this.#ip(name, 'link set wlan0 up');
  }

  /** Writes a program into `folder` that runs `program` in that namespace; returns its path. */
  wrap(name: string, program: string, folder: string): string {
    const path = join(folder, `in-${name}`);
    const line = `exec ip netns exec ${this.#prefix}${name} ${program} "$@"`;
    writeFileSync(path, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
    return path;
  }

  /** Removes all namespaces, and with them their links. */
  stop(): void {
    for (const name of this.#places.splice(0)) run(`netns del ${this.#prefix}${name}`);
  }

  #add(name: string): void {
    run(`netns add ${this.#prefix}${name}`);
    this.#places.push(name);
    this.#ip(name, 'link set lo up');
  }

  #ip(name: string, command: string): void {
    run(`-n ${this.#prefix}${name} ${command}`);
  }
}

function run(command: string): void {
  execFileSync('ip', command.split(' '), { stdio: ['ignore', 'ignore', 'pipe'] });
}
