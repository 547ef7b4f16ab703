import assert from 'node:assert/strict';
import type { Duplex } from 'node:stream';
import type { Address, ExecOptions, ExecResult, FileTree, Host, Process, RunOptions } from '@stele/sdk';

/** What a test does to the commands of a host. */
export interface Watch {
  /** Called with each command. */
  readonly seen?: (argv: readonly string[]) => void;
  /** Called with each address that is dialled. */
  readonly dialled?: (address: Address) => void;
  /** Folder whose programs come before all others. */
  readonly programs?: string;
}

/** Another host, its commands watched. */
export class WatchedHost implements Host {
  readonly name: string;
  readonly user: string;
  readonly isDirect: boolean;
  readonly #host: Host;
  readonly #watch: Watch;

  constructor(host: Host, watch: Watch) {
    this.name = host.name;
    this.user = host.user;
    this.isDirect = host.isDirect;
    this.#host = host;
    this.#watch = watch;
  }

  exec(argv: readonly string[], options: RunOptions, signal: AbortSignal): Promise<ExecResult> {
    return this.#host.exec(this.#changed(argv), options, signal);
  }

  spawn(argv: readonly string[], options: ExecOptions, signal: AbortSignal): Promise<Process> {
    return this.#host.spawn(this.#changed(argv), options, signal);
  }

  dial(address: Address, signal: AbortSignal): Promise<Duplex> {
    this.#watch.dialled?.(address);
    return this.#host.dial(address, signal);
  }

  files(root: string): FileTree {
    return this.#host.files(root);
  }

  ensureFolder(path: string, mode: number, signal: AbortSignal): Promise<void> {
    return this.#host.ensureFolder(path, mode, signal);
  }

  realPath(path: string, signal: AbortSignal): Promise<string | undefined> {
    return this.#host.realPath(path, signal);
  }

  async neighbour(name: string, signal: AbortSignal): Promise<Host> {
    assert(this.#host.neighbour, 'this way leads to no neighbour');
    return this.#host.neighbour(name, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#host[Symbol.asyncDispose]();
  }

  #changed(argv: readonly string[]): readonly string[] {
    const { seen, programs } = this.#watch;
    seen?.(argv);
    return programs === undefined ? argv : ['env', `PATH=${programs}:/usr/bin:/bin`, ...argv];
  }
}
