import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SiteFile } from '../../../core/server/src/site/index.ts';
import { ApiClient } from './api.ts';
import type { Engine } from './engine.ts';
import { environment, root } from './environment.ts';
import { Yard } from './yard.ts';

/** What was built; with `STELE_TEST_FROM=source`, while something is being written, the sources without a build. */
const command =
  process.env.STELE_TEST_FROM === 'source'
    ? ['--conditions=source', join(root, 'core/cli/src/main.ts')]
    : [join(root, 'core/cli/dist/main.js')];
const startLimit = 60_000;

export interface PlatformOptions {
  readonly site: SiteFile;
  /** What runs its tasks: their containers are removed with the platform. */
  readonly engine?: Engine;
  /** Where it keeps everything; outlives the platform. Default: one of its own, removed with it. */
  readonly yard?: Yard;
  readonly port?: number;
  readonly environment?: NodeJS.ProcessEnv;
}

/** A platform in a process of its own, as `stele up` starts it. */
export class Platform implements AsyncDisposable {
  readonly yard: Yard;
  readonly #options: PlatformOptions;
  #child: ChildProcess | undefined;
  #said = '';
  #url = '';
  #login = '';

  private constructor(options: PlatformOptions, yard: Yard) {
    this.#options = options;
    this.yard = yard;
  }

  static async start(options: PlatformOptions): Promise<Platform> {
    const platform = new Platform(options, options.yard ?? (await Yard.open()));
    try {
      await platform.start();
    } catch (error) {
      await platform[Symbol.asyncDispose]();
      throw error;
    }
    return platform;
  }

  /** Starts it, again if need be: on the port that it had. */
  async start(site: SiteFile = this.#options.site): Promise<void> {
    await this.yard.writeSite(site);
    const port = this.#url === '' ? (this.#options.port ?? 0) : this.port;
    const args = ['up', '--data', this.yard.data, '--site', this.yard.siteFile, '--port', `${port}`];
    const child = spawn(process.execPath, [...command, ...args, '--json', '--no-prepare'], {
      env: { ...environment, ...this.#options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#said += text));
    const { url, login } = await this.#announcement(child);
    this.#url = url;
    this.#login = login;
  }

  async #announcement(child: ChildProcess): Promise<{ url: string; login: string }> {
    assert(child.stdout);
    const lines = createInterface({ input: child.stdout });
    const timer = setTimeout(() => child.kill('SIGKILL'), startLimit);
    try {
      for await (const line of lines) return JSON.parse(line) as { url: string; login: string };
    } finally {
      clearTimeout(timer);
    }
    throw new Error(`the platform did not start, and said:\n${this.#said}`);
  }

  /** Origin of the page. */
  get url(): string {
    return this.#url;
  }

  get port(): number {
    return Number(new URL(this.#url).port);
  }

  /** One-time log-in link that came with the last start. */
  get login(): string {
    return this.#login;
  }

  get pid(): number {
    assert(this.#child?.pid, 'the platform does not run');
    return this.#child.pid;
  }

  /** What it said on standard error since its last start. */
  get said(): string {
    return this.#said;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** A client of the API, logged in as the administrator by the link that came with the last start. */
  async logIn(): Promise<ApiClient> {
    return ApiClient.logIn(this.#url, this.#login);
  }

  /** Ends it as an operator would; answers its exit code. */
  async stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || !this.isRunning) return child?.exitCode ?? null;
    const gone = once(child, 'exit');
    child.kill(signal);
    const [code] = (await gone) as [number | null];
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    const { engine } = this.#options;
    await engine?.remove(await engine.containersOf(this.yard.path));
    if (this.#options.yard === undefined) await this.yard[Symbol.asyncDispose]();
  }
}
