import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { messageOf } from '@stele/sdk';

const run = promisify(execFile);

/** Where containers of the stand-in have their addresses. */
export interface Network {
  /** As a resource declares it. */
  readonly range: string;
  /** Each task’s own, as of a network interface. */
  address(index: number): string;
  /** What stands before a command that runs there. */
  readonly enter: readonly string[];
}

/** This machine’s own: the platform refuses to dial there. */
export const loopback: Network = {
  range: '127.90.0.0/16',
  address: (index) => `127.90.${Math.floor(index / 250)}.${(index % 250) + 1}`,
  enter: [],
};

/** Beside somebody else's on the same machine: by another name, with other addresses. */
const space = process.env['FARGATE_NAME'] ?? 'stele-fargate';
const prefix = process.env['FARGATE_NET'] ?? '10.213.90';
const link = `${space}0`;
const most = 120;

/** Another machine’s, as a VPC is: a network namespace that is reached by a link. */
export class PrivateNetwork implements Network, AsyncDisposable {
  readonly range = `${prefix}.0/24`;
  readonly enter = ['nsenter', `--net=/run/netns/${space}`];

  private constructor() {}

  /** @returns why there is none, where this machine doesn’t let us make one */
  static async make(): Promise<PrivateNetwork | string> {
    if (process.getuid?.() !== 0) return 'a network for tasks needs root';
    // Left by a run that was killed.
    if (existsSync(`/run/netns/${space}`)) await ip('netns', 'delete', space);
    const network = new PrivateNetwork();
    try {
      await ip('netns', 'add', space);
      await network.#connect();
      return network;
    } catch (error) {
      if (existsSync(`/run/netns/${space}`)) await network[Symbol.asyncDispose]();
      return `no network for tasks can be made here: ${messageOf(error).trim()}`;
    }
  }

  address(index: number): string {
    if (index >= most) throw new Error(`a private network has ${most} addresses`);
    return `${prefix}.${index + 2}`;
  }

  async #connect(): Promise<void> {
    await ip('link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
    await ip('address', 'add', `${prefix}.1/24`, 'dev', link);
    await ip('link', 'set', link, 'up');
    for (let index = 0; index < most; index += 1)
      await ip('-n', space, 'address', 'add', `${this.address(index)}/24`, 'dev', 'eth0');
    await ip('-n', space, 'link', 'set', 'eth0', 'up');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The link goes with it.
    await ip('netns', 'delete', space);
  }
}

async function ip(...words: readonly string[]): Promise<void> {
  await run('ip', words);
}
