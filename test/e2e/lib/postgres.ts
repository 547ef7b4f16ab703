import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '@stele/sdk/testing';

const run = promisify(execFile);
const versions = '/usr/lib/postgresql';

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** A site's own PostgreSQL, from the distribution's package: a cluster in a temporary folder, behind a Unix socket. */
export class Postgres implements AsyncDisposable {
  readonly #folder: string;
  readonly #programs: string;
  readonly #owner: Owner;
  #server: ChildProcess | undefined;

  private constructor(folder: string, programs: string, owner: Owner) {
    this.#folder = folder;
    this.#programs = programs;
    this.#owner = owner;
  }

  /** A running cluster with an empty database, or why there is none. */
  static async open(): Promise<Postgres | string> {
    const installed = (await readdir(versions).catch(() => [])).map(Number).filter((version) => version >= 15);
    if (installed.length === 0) return `no PostgreSQL from version 15 on is installed below ${versions}`;
    const owner = await serverOwner();
    const folder = await mkdtemp(join(tmpdir(), 'stele-pg-'));
    if (owner.uid !== undefined && owner.gid !== undefined) await chown(folder, owner.uid, owner.gid);
    const postgres = new Postgres(folder, join(versions, `${Math.max(...installed)}`, 'bin'), owner);
    try {
      await postgres.#make();
      await postgres.start();
      await run(join(postgres.#programs, 'createdb'), ['--host', folder, '--username', 'stele', 'stele']);
    } catch (error) {
      await postgres[Symbol.asyncDispose]();
      throw error;
    }
    return postgres;
  }

  /** What a site file says to use it. */
  get url(): string {
    return `postgres:///stele?host=${encodeURIComponent(this.#folder)}&user=stele`;
  }

  async #make(): Promise<void> {
    const args = ['--pgdata', join(this.#folder, 'data'), '--username', 'stele', '--auth', 'trust', '--no-sync'];
    await run(join(this.#programs, 'initdb'), args, { cwd: this.#folder, ...this.#owner });
    const settings = `listen_addresses = ''\nunix_socket_directories = '${this.#folder}'\nfsync = off\n`;
    await writeFile(join(this.#folder, 'data/postgresql.auto.conf'), settings);
    // Its user has made it for itself alone; the socket is for the platform too.
    await chmod(this.#folder, 0o711);
  }

  async start(): Promise<void> {
    const args = ['-D', join(this.#folder, 'data')];
    this.#server = spawn(join(this.#programs, 'postgres'), args, {
      cwd: this.#folder,
      stdio: 'ignore',
      ...this.#owner,
    });
    await eventually('the site’s PostgreSQL answers', () => this.#answers(), 20_000);
  }

  /** Ends it at once, as a crash would: `start` brings it back. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill(signal);
    await gone;
  }

  async #answers(): Promise<boolean> {
    return run(join(this.#programs, 'pg_isready'), ['--host', this.#folder, '--timeout', '1']).then(
      () => true,
      () => false,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** PostgreSQL refuses to run as root: Debian's package brings a user for it. */
async function serverOwner(): Promise<Owner> {
  if (process.getuid?.() !== 0) return {};
  const { stdout } = await run('id', ['-u', 'postgres']);
  const { stdout: group } = await run('id', ['-g', 'postgres']);
  return { uid: Number(stdout), gid: Number(group) };
}
