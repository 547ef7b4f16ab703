import type { ExecOptions, ExecResult, FileTree, Host, Process, RunOptions } from '@stele/sdk';
import type { Duplex } from 'node:stream';
import { LocalHost } from '../../../plugins/access/local/src/server/local-host.ts';

/** A host that a command on this machine gets into, e.g. `hpc-site as alice node1`. Its files are reached by commands alone. */
export class PrefixedHost implements Host {
  readonly isDirect = false;
  readonly name: string;
  readonly user = 'alice';
  readonly #local = new LocalHost();
  readonly #prefix: readonly string[];

  constructor(prefix: readonly string[]) {
    this.#prefix = prefix;
    this.name = prefix.slice(-2).join('@');
  }

  exec(argv: readonly string[], options: RunOptions, signal: AbortSignal): Promise<ExecResult> {
    return this.#local.exec([...this.#prefix, ...argv], options, signal);
  }

  spawn(argv: readonly string[], options: ExecOptions, signal: AbortSignal): Promise<Process> {
    return this.#local.spawn([...this.#prefix, ...argv], options, signal);
  }

  async ensureFolder(path: string, mode: number, signal: AbortSignal): Promise<void> {
    await this.exec(['mkdir', '-p', '-m', mode.toString(8), path], {}, signal);
  }

  files(): FileTree {
    throw new Error('only commands get there');
  }

  dial(): Promise<Duplex> {
    throw new Error('only commands get there');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#local[Symbol.asyncDispose]();
  }
}
