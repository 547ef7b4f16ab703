import { mkdir, realpath } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Address, ExecOptions, ExecResult, FileTree, Host, Process, RunOptions } from '@stele/sdk';
import { grammar, matches } from '@stele/sdk';
import { exec } from './commands/exec.ts';
import { LocalProcess } from './commands/local-process.ts';
import { dial } from './dial.ts';
import { check, fileError, invalid } from './errors.ts';
import { LocalFileTree } from './files/tree.ts';

/** What all leases on this machine share: nothing but that they are on it. */
const thisMachine = {};

/** One lease on this machine. Commands that still run when it ends are ended with it. */
export class LocalHost implements Host {
  readonly name = 'this machine';
  readonly user = accountName();
  readonly connection = thisMachine;
  readonly isDirect = true;
  readonly #running = new Set<LocalProcess>();

  exec(argv: readonly string[], options: RunOptions, signal: AbortSignal): Promise<ExecResult> {
    return exec((command, where, until) => this.#start(command, where, until), argv, options, signal);
  }

  spawn(argv: readonly string[], options: ExecOptions, signal: AbortSignal): Promise<Process> {
    return this.#start(argv, options, signal);
  }

  dial(address: Address, signal: AbortSignal): Promise<Duplex> {
    return dial(address, signal);
  }

  files(root: string): FileTree {
    return new LocalFileTree(checkedPath(root, 'root'));
  }

  async ensureFolder(path: string, mode: number, signal: AbortSignal): Promise<void> {
    check(signal);
    try {
      await mkdir(checkedPath(path, 'path'), { recursive: true, mode });
    } catch (error) {
      throw fileError(error, path);
    }
  }

  async realPath(path: string, signal: AbortSignal): Promise<string | undefined> {
    check(signal);
    const whole = fromHome(path);
    if (whole === undefined) return undefined;
    try {
      return await realpath(checkedPath(whole, 'path'));
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw fileError(error, path);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running].map((process) => process.release()));
  }

  async #start(argv: readonly string[], options: ExecOptions, signal: AbortSignal): Promise<LocalProcess> {
    const process = await LocalProcess.start(argv, options, signal);
    this.#running.add(process);
    void process.closed.then(() => this.#running.delete(process));
    return process;
  }
}

/** A container may run with an id that no account has. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.());
  }
}

/** `~` as the account's home. `undefined` for an account that has none. */
function fromHome(path: string): string | undefined {
  if (!/^~(?=$|\/)/.test(path)) return path;
  try {
    return join(homedir(), path.slice(1));
  } catch {
    return undefined;
  }
}

function checkedPath(path: string, field: string): string {
  if (!matches('absolutePath', path))
    throw invalid(field, `“${path}” is not an absolute path (${grammar.absolutePath}).`);
  return path;
}
