import type { Duplex } from 'node:stream';
import type { Address, ExecOptions, ExecResult, FileTree, Host, LoginKey, Process, RunOptions } from '@stele/sdk';
import { collect } from './commands/exec.ts';
import { RemoteProcess } from './commands/remote-process.ts';
import { checkedPath, type Conf } from './conf.ts';
import type { Pool } from './connection/pool.ts';
import type { Endpoint } from './connection/endpoint.ts';
import { forward } from './dial/forward.ts';
import { closed } from './errors.ts';
import { ensureFolder } from './files/ensure-folder.ts';
import { SftpTree } from './files/tree.ts';
import { neighbourRoute } from './neighbour.ts';
import { last, nameOf } from './route.ts';
import { Sftp } from './sftp/sftp.ts';

/** Streams that are being opened at a time through one lease. */
const dialsAtOnce = 64;

/** One lease on an account on a host. Commands that still run when it ends are ended with it. */
export class SshHost implements Host {
  readonly name: string;
  readonly user: string;
  readonly isDirect = false;
  readonly #pool: Pool;
  readonly #conf: Conf;
  readonly #key: LoginKey;
  readonly #endpoint: Endpoint;
  readonly #sftp: Sftp;
  readonly #running = new Set<RemoteProcess>();
  readonly #turns: (() => void)[] = [];
  #dialling = 0;
  #isOpen = true;

  /** @throws UNREACHABLE, DENIED, INVALID as the host answers */
  static async open(pool: Pool, conf: Conf, key: LoginKey, signal: AbortSignal): Promise<SshHost> {
    const host = new SshHost(pool, conf, key);
    try {
      await host.#endpoint.ready(signal);
      return host;
    } catch (error) {
      await host[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(pool: Pool, conf: Conf, key: LoginKey) {
    this.#pool = pool;
    this.#conf = conf;
    this.#key = key;
    this.#endpoint = pool.endpoint(conf.route, key);
    this.#endpoint.acquire();
    this.#sftp = Sftp.of(this.#endpoint);
    this.name = nameOf(last(conf.route));
    this.user = last(conf.route).user;
  }

  async exec(argv: readonly string[], options: RunOptions, signal: AbortSignal): Promise<ExecResult> {
    const process = await this.#start(argv, options, signal);
    return collect(process, argv[0] ?? '', options, signal);
  }

  spawn(argv: readonly string[], options: ExecOptions, signal: AbortSignal): Promise<Process> {
    return this.#start(argv, options, signal);
  }

  async dial(address: Address, signal: AbortSignal): Promise<Duplex> {
    this.#check();
    if (this.#dialling >= dialsAtOnce) await new Promise<void>((resolve) => this.#turns.push(resolve));
    this.#dialling += 1;
    try {
      return await forward(this.#endpoint, address, signal);
    } finally {
      this.#dialling -= 1;
      this.#turns.shift()?.();
    }
  }

  files(root: string): FileTree {
    return new SftpTree(checkedPath(root, 'root'), this.#sftp);
  }

  async ensureFolder(path: string, mode: number, signal: AbortSignal): Promise<void> {
    await ensureFolder(this.#sftp, checkedPath(path, 'path'), mode, signal);
  }

  async neighbour(name: string, signal: AbortSignal): Promise<Host> {
    this.#check();
    const conf = await neighbourRoute(this, this.#conf, name, signal);
    return SshHost.open(this.#pool, conf, this.#key, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await Promise.all([...this.#running].map((process) => process.release()));
    this.#endpoint.release();
  }

  async #start(argv: readonly string[], options: ExecOptions, signal: AbortSignal): Promise<RemoteProcess> {
    this.#check();
    const process = await RemoteProcess.start(this.#endpoint, argv, options, signal);
    this.#running.add(process);
    void process.closed.then(() => this.#running.delete(process));
    return process;
  }

  #check(): void {
    if (!this.#isOpen) throw closed(this.name);
  }
}
