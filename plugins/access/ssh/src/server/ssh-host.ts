import type { Duplex } from 'node:stream';
import type { Address, ExecOptions, ExecResult, FileTree, Host, Process, RunOptions } from '@stele/sdk';
import { collect } from './commands/exec.ts';
import { RemoteProcess } from './commands/remote-process.ts';
import { checkedPath, type Conf } from './conf.ts';
import type { Pool } from './connection/pool.ts';
import type { Endpoint } from './connection/endpoint.ts';
import type { OwnKeys } from './connection/key-ring.ts';
import { forward } from './dial/forward.ts';
import { Places } from './dial/places.ts';
import { closed } from './errors.ts';
import { ensureFolder } from './files/ensure-folder.ts';
import { realPath } from './files/real-path.ts';
import { SftpTree } from './files/tree.ts';
import { isDisbelief, neighbourRoute } from './neighbour.ts';
import { last, nameOf } from './route.ts';
import { Sftp } from './sftp/sftp.ts';

/** Streams that are being opened at a time through one lease. */
const dialsAtOnce = 64;

/** How an account is logged in to. */
export interface LogIn extends OwnKeys {
  /** Anew, rather than on connections that are there. Default: no. */
  readonly isApart?: boolean;
}

/** One lease on an account on a host. Commands that still run when it ends are ended with it. */
export class SshHost implements Host {
  readonly name: string;
  readonly user: string;
  readonly isDirect = false;
  readonly #pool: Pool;
  readonly #conf: Conf;
  readonly #keys: OwnKeys;
  readonly #endpoint: Endpoint;
  readonly #sftp: Sftp;
  readonly #running = new Set<RemoteProcess>();
  readonly #dialling = new Places(dialsAtOnce);
  #isOpen = true;

  /** @throws UNREACHABLE, DENIED, INVALID as the host answers */
  static async open(pool: Pool, conf: Conf, logIn: LogIn, signal: AbortSignal): Promise<SshHost> {
    const host = new SshHost(pool, conf, logIn);
    try {
      await host.#endpoint.ready(signal);
      return host;
    } catch (error) {
      await host[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(pool: Pool, conf: Conf, { isApart = false, ...keys }: LogIn) {
    this.#pool = pool;
    this.#conf = conf;
    this.#keys = keys;
    this.#endpoint = isApart ? pool.apart(conf.route, keys) : pool.endpoint(conf.route, keys);
    this.#endpoint.acquire();
    this.#sftp = Sftp.of(this.#endpoint);
    this.name = nameOf(last(conf.route));
    this.user = last(conf.route).user;
  }

  get connection(): object {
    return this.#endpoint;
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
    return this.#dialling.run(() => forward(this.#endpoint, address, signal), signal);
  }

  files(root: string): FileTree {
    return new SftpTree(checkedPath(root, 'root'), this.#sftp);
  }

  async ensureFolder(path: string, mode: number, signal: AbortSignal): Promise<void> {
    await ensureFolder(this.#sftp, checkedPath(path, 'path'), mode, signal);
  }

  realPath(path: string, signal: AbortSignal): Promise<string | undefined> {
    return realPath(this.#sftp, path, signal);
  }

  async neighbour(name: string, signal: AbortSignal): Promise<Host> {
    this.#check();
    const open = async (isFresh: boolean) => {
      const conf = await neighbourRoute(this.#endpoint, this.#conf, name, isFresh, signal);
      return SshHost.open(this.#pool, conf, this.#keys, signal);
    };
    try {
      return await open(false);
    } catch (error) {
      if (!isDisbelief(error)) throw error;
      return open(true);
    }
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
