import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@stele/sdk';
import { startFailed } from '../errors.ts';
import type { Binaries } from './binaries.ts';
import type { DatabaseHome } from './home.ts';
import { cleanEnv, identity } from './initdb.ts';
import type { DatabaseOwner } from './owner.ts';

/** What one PostgreSQL process is started with. */
export interface PostmasterOptions {
  readonly binaries: Binaries;
  readonly home: DatabaseHome;
  readonly owner: DatabaseOwner;
  /** More server settings, by name. */
  readonly settings: Readonly<Record<string, string>>;
  readonly log: Logger;
}

const fixedSettings = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  port: '5432',
  max_connections: '60',
  shared_buffers: '64MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  logging_collector: 'off',
  log_destination: 'stderr',
} as const;

/** How long recovery after a crash may take before the first query. */
const readyLimit = 120_000;

/** One run of PostgreSQL, from spawn to exit. */
export class Postmaster {
  /** Resolves when the process has ended, however it did. */
  readonly exited: Promise<void>;
  readonly #child: ChildProcess;
  readonly #home: DatabaseHome;
  readonly #lastLines: string[] = [];
  #hasExited = false;
  #isStopping = false;

  constructor(options: PostmasterOptions) {
    this.#home = options.home;
    // In its own session: Ctrl-C in a terminal goes to us, and PostgreSQL ends after the last query that we still have.
    this.#child = spawn(join(options.binaries.root, 'bin', 'postgres'), argvOf(options), {
      ...identity(options.owner),
      cwd: '/',
      env: cleanEnv(),
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.exited = this.#watch(options.log);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resolves when queries are taken; UNREACHABLE with PostgreSQL's own words when it ends before. */
  async ready(): Promise<void> {
    const end = Date.now() + readyLimit;
    while (!(await this.#isReady())) {
      if (this.#hasExited || Date.now() > end) throw startFailed(this.#lastLines.join('\n'));
      await sleep(10);
    }
  }

  /** Ends it: fast (open transactions are rolled back), then at once. Idempotent. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#child.kill('SIGINT');
    const insist = setTimeout(() => this.#child.kill('SIGQUIT'), 20_000);
    await this.exited;
    clearTimeout(insist);
  }

  async #isReady(): Promise<boolean> {
    const lines = (await readFile(join(this.#home.data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    return Number(lines[0]) === this.#child.pid && lines[7]?.trim() === 'ready';
  }

  #watch(log: Logger): Promise<void> {
    const child = this.#child;
    const lines = createInterface({ input: child.stderr! });
    lines.on('line', (line) => this.#note(line, log));
    const endWithUs = (): void => void child.kill('SIGINT');
    process.once('exit', endWithUs);
    return new Promise((resolve) => {
      const done = (): void => {
        this.#hasExited = true;
        process.off('exit', endWithUs);
        lines.close();
        resolve();
      };
      child.once('exit', done);
      child.once('error', (error) => {
        this.#note(error.message, log);
        done();
      });
    });
  }

  #note(line: string, log: Logger): void {
    this.#lastLines.push(line);
    if (this.#lastLines.length > 30) this.#lastLines.shift();
    // That connections end when it was told to stop is no news.
    const isBad = !this.#isStopping && /\b(WARNING|ERROR|FATAL|PANIC):/.test(line);
    log[isBad ? 'warn' : 'debug']('postgres', { line });
  }
}

function argvOf({ home, settings }: PostmasterOptions): string[] {
  const all = { ...fixedSettings, unix_socket_directories: home.socketDir, ...settings };
  return ['-D', home.data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
