import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { skip } from '@stele/sdk/testing';
import type { Context } from 'mocha';

const run = promisify(execFile);
const bed = fileURLToPath(new URL('../../beds/kubernetes', import.meta.url));

/** A real cluster on this machine. */
export class Bed {
  readonly #variables: ReadonlyMap<string, string>;

  constructor(variables: ReadonlyMap<string, string>) {
    this.#variables = variables;
  }

  /** Where its API is. */
  get server(): URL {
    return new URL(this.#value('SERVER'));
  }
  get kubectlPath(): string {
    return this.#value('KUBECTL');
  }
  /** Network of the pods, once they are exposed. */
  get pods(): string {
    return this.#value('PODS');
  }
  /** This machine's address, for connections from the cluster. */
  get platform(): string {
    return this.#value('PLATFORM');
  }
  get folder(): string {
    return this.#value('FOLDER');
  }

  /** Path of one of the bed's kubeconfigs. */
  kubeconfigPath(name: string): string {
    return join(this.#value('CONF'), `${name}.conf`);
  }

  /** One of the bed's kubeconfigs: of an account, or of somebody who is refused. */
  kubeconfig(name: 'admin' | 'stele' | 'token' | 'nobody' | 'wrong' | 'expired' | 'stranger'): Promise<string> {
    return readFile(this.kubeconfigPath(name), 'utf8');
  }

  /** Gives one of the bed's own commands. */
  async tell(...command: readonly string[]): Promise<string> {
    const { stdout } = await run(bed, command, { maxBuffer: 1 << 26 });
    return stdout;
  }

  /** As the cluster's administrator. */
  kubectl(...args: readonly string[]): Promise<string> {
    return this.tell('kubectl', ...args);
  }

  /** Makes or changes objects, as the administrator. */
  async apply(object: object): Promise<void> {
    const child = run(bed, ['kubectl', 'apply', '--filename', '-']);
    child.child.stdin?.end(JSON.stringify(object));
    await child;
  }

  #value(name: string): string {
    const value = this.#variables.get(`KUBE_${name}`);
    if (value === undefined) throw new Error(`the bed says nothing of ${name}`);
    return value;
  }
}

let opened: Promise<Bed> | undefined;
let wasUp = false;

/** Why this machine can't run the bed, if so. */
export async function bedMissing(): Promise<string | undefined> {
  const { stdout } = await run(bed, ['missing']);
  return stdout.trim() === '' ? undefined : stdout.trim();
}

/** The cluster, in a hook of mocha; skips what it is for where the machine can't run it. */
export async function needBed(hook: Context): Promise<Bed> {
  hook.timeout(1_800_000);
  const why = await bedMissing();
  if (why !== undefined) skip(hook, why);
  return openBed();
}

/** The cluster, brought up by whoever asks first. */
export function openBed(): Promise<Bed> {
  opened ??= bringUp();
  return opened;
}

async function bringUp(): Promise<Bed> {
  wasUp = (await run(bed, ['folder'])).stdout.trim() !== '';
  await run(bed, ['up'], { maxBuffer: 1 << 24 });
  const { stdout } = await run(bed, ['env']);
  const lines = [...stdout.matchAll(/^export (\w+)=(.*)$/gm)];
  return new Bed(new Map(lines.map(([, name = '', value = '']) => [name, value])));
}

/** Takes down what this process brought up: what was up before stays. Tests needn't, it is done after the last of all files. */
export async function closeBed(): Promise<void> {
  if (opened !== undefined && !wasUp) await run(bed, ['down']);
}

// A benchmark has no such hook.
if ('after' in globalThis) {
  after(async function () {
    this.timeout(60_000);
    await closeBed();
  });
}
