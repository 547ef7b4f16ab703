import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const bed = fileURLToPath(new URL('../../beds/hpc-site', import.meta.url));

export type Suite = 'bookworm' | 'trixie' | 'sid';

/** A real HPC site on this machine, as its platform's host sees it. */
export class Site {
  readonly suite: Suite;
  readonly #variables: ReadonlyMap<string, string>;

  constructor(suite: Suite, variables: ReadonlyMap<string, string>) {
    this.suite = suite;
    this.#variables = variables;
  }

  get login(): string {
    return this.#value('LOGIN');
  }
  get port(): number {
    return Number(this.#value('PORT'));
  }
  /** As a line of `hostKeys`: `ssh-ed25519 AAAA…`. */
  get hostKey(): string {
    return this.#value('HOST_KEY');
  }
  /** Path of a private key that all users accept. */
  get privateKey(): string {
    return this.#value('KEY');
  }
  get knownHosts(): string {
    return this.#value('KNOWN_HOSTS');
  }
  /** Path of the private key of the site's certificate authority. */
  get authority(): string {
    return this.#value('CA');
  }
  /** Where slurmrestd listens, as the login node sees it. */
  get rest(): string {
    return this.#value('REST');
  }
  /** The key that tokens are signed with. */
  async jwtKey(): Promise<Buffer> {
    return readFile(this.#value('JWT_KEY'));
  }
  /** This machine's address, for connections from the site. */
  get platform(): string {
    return this.#value('PLATFORM');
  }
  get nodes(): readonly string[] {
    return this.#value('NODES').split(' ');
  }

  /** A user's home, as this machine's root sees it. */
  home(user: string): string {
    return join(this.#value('FOLDER'), 'home', user);
  }

  on(host: string, ...argv: string[]): Promise<string> {
    return command(this.suite, 'on', host, ...argv);
  }
  as(user: string, host: string, ...argv: string[]): Promise<string> {
    return command(this.suite, 'as', user, host, ...argv);
  }
  crash(host: string): Promise<string> {
    return command(this.suite, 'crash', host);
  }
  boot(host: string): Promise<string> {
    return command(this.suite, 'boot', host);
  }
  unplug(host: string): Promise<string> {
    return command(this.suite, 'unplug', host);
  }
  plug(host: string): Promise<string> {
    return command(this.suite, 'plug', host);
  }
  fillHome(user: string): Promise<string> {
    return command(this.suite, 'fill-home', user);
  }
  freeHome(user: string): Promise<string> {
    return command(this.suite, 'free-home', user);
  }
  stopController(): Promise<string> {
    return command(this.suite, 'stop-controller');
  }
  startController(): Promise<string> {
    return command(this.suite, 'start-controller');
  }
  stopRest(): Promise<string> {
    return command(this.suite, 'stop-rest');
  }
  startRest(): Promise<string> {
    return command(this.suite, 'start-rest');
  }
  /** slurmrestd accepts connections, and answers none. */
  freezeRest(): Promise<string> {
    return command(this.suite, 'freeze-rest');
  }
  thawRest(): Promise<string> {
    return command(this.suite, 'thaw-rest');
  }
  /** Its answer is the new key. */
  changeHostKey(host: string): Promise<string> {
    return command(this.suite, 'change-host-key', host);
  }
  restoreHostKey(host: string): Promise<string> {
    return command(this.suite, 'restore-host-key', host);
  }
  /** Without a key: the site's own, `privateKey`. */
  authorize(user: string, ...publicKey: string[]): Promise<string> {
    return command(this.suite, 'authorize', user, ...publicKey);
  }
  /** Without a key: all of the user's. */
  deauthorize(user: string, ...publicKey: string[]): Promise<string> {
    return command(this.suite, 'deauthorize', user, ...publicKey);
  }

  /** What tests broke is mended. The site itself stays until the last test of the process has ended. */
  async close(): Promise<void> {
    await command(this.suite, 'up');
  }

  #value(name: string): string {
    const value = this.#variables.get(`SITE_${name}`);
    if (value === undefined) throw new Error(`the bed doesn't say SITE_${name}`);
    return value;
  }
}

/** The answer of the bed's command, without the newline at its end. An exit status other than 0 rejects, with what it said in `stderr`. */
async function command(suite: Suite, ...args: string[]): Promise<string> {
  const env = { ...process.env, SITE_SUITE: suite };
  const { stdout } = await run(bed, args, { env, maxBuffer: 1 << 24, timeout: 600_000 });
  return stdout.replace(/\n$/, '');
}

const sites = new Map<Suite, Promise<Site>>();
const broughtUp = new Set<Suite>();

/** Why this machine can't have a site, or nothing. */
export async function siteMissing(): Promise<string | undefined> {
  return (await command('trixie', 'missing')) || undefined;
}

/** The site of a suite, shared by all tests of this process. The first call brings it up: minutes when its tree is not in the cache. */
export function openSite({ suite }: { suite: Suite }): Promise<Site> {
  const site = sites.get(suite) ?? bringUp(suite);
  sites.set(suite, site);
  return site;
}

async function bringUp(suite: Suite): Promise<Site> {
  const before = await folder(suite);
  const owner = before === undefined ? undefined : await ownerOf(before);
  // Of a run that was killed: nobody knows what it left there. That of a run at this moment, or of a person, is shared and stays.
  const isStale = owner !== undefined && !isAlive(owner);
  if (isStale) await command(suite, 'down');
  if (before === undefined || isStale) broughtUp.add(suite);
  await command(suite, 'up');
  const variables = await environment(suite);
  if (broughtUp.has(suite)) await writeFile(join(variables.get('SITE_FOLDER') ?? '', 'owner'), String(process.pid));
  return new Site(suite, variables);
}

async function folder(suite: Suite): Promise<string | undefined> {
  const state = await command(suite, 'folder');
  return state === '' ? undefined : state;
}

/** The process of a test that brought the site up; nobody when a person did. */
async function ownerOf(site: string): Promise<number | undefined> {
  try {
    return Number(await readFile(join(site, 'owner'), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

async function environment(suite: Suite): Promise<ReadonlyMap<string, string>> {
  const text = await command(suite, 'env');
  const unquoted = (value: string): string => value.replace(/\\(.)/g, '$1');
  return new Map(
    [...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, unquoted(value)]),
  );
}

/** Takes down what this process brought up: what was up before stays. Tests needn't, it is done after the last of all files. */
export async function closeSites(): Promise<void> {
  for (const suite of broughtUp) await command(suite, 'down');
}

// A benchmark has no such hook.
if ('after' in globalThis) {
  after(async function () {
    this.timeout(120_000);
    await closeSites();
  });
}
