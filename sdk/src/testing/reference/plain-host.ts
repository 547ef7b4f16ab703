import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { connect } from 'node:net';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { AccessMethod, AccessTarget, ExecOptions, ExecResult, Host, Process, RunOptions } from '../../access.ts';
import type { Address } from '../../address.ts';
import type { Call } from '../../call.ts';
import { SteleError } from '../../errors.ts';
import type { FileEntry, FileTree } from '../../files.ts';
import { matches } from '../../grammar.ts';
import { MemoryDisk } from './memory-disk.ts';
import { MemoryTree } from './memory-tree.ts';

/** What an access method can get wrong. */
export type HostFault =
  | 'runs commands in a shell'
  | 'lets commands run on'
  | 'leaves what a command started'
  | 'asks but never insists'
  | 'kills at once'
  | 'forgets the input'
  | 'never ends the input'
  | 'mixes the outputs'
  | 'tells no signals'
  | 'takes all output there is'
  | 'says 127 for no program'
  | 'leaves commands when its lease ends'
  | 'ends with the call that opened it'
  | 'lets nobody use a host twice'
  | 'calls each lease a connection'
  | 'waits for output to be read to the end'
  | 'dials anything'
  | 'closes what it dialled halfway'
  | 'minds a folder that is there'
  | 'makes folders for all'
  | 'takes any path'
  | 'follows no links';

/** Leaders of all groups that were started: some faults leave them running. */
const started = new Set<number>();

/** Ends what broken hosts left running. */
export function reap(): void {
  for (const pid of started) signalIfThere(-pid, 'SIGKILL');
  started.clear();
}

function signalIfThere(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Makes {@link PlainHost}s. */
export class PlainAccess implements AccessMethod {
  readonly title = 'Plain';
  readonly auth = ['none'] as const;
  readonly conf = { type: 'object' };
  readonly #fault: HostFault | undefined;
  #open = 0;

  constructor(fault?: HostFault) {
    this.#fault = fault;
  }

  async open(_target: AccessTarget, call: Call): Promise<Host> {
    if (call.signal.aborted) throw new SteleError('UNREACHABLE', 'given up');
    this.#open += 1;
    if (this.#open > 1 && this.#fault === 'lets nobody use a host twice') throw new SteleError('LIMIT', 'in use');
    const connection = this.#fault === 'calls each lease a connection' ? {} : this;
    return new PlainHost(this.#fault, { connection, opened: call.signal, onClose: () => (this.#open -= 1) });
  }
}

interface Lease {
  readonly connection: object;
  readonly opened: AbortSignal;
  onClose(): void;
}

/** The least that keeps the contract of a host on this machine, but for one fault. */
class PlainHost implements Host {
  readonly name = 'plain';
  readonly user = 'plain';
  readonly isDirect = true;
  readonly connection: object;
  readonly #fault: HostFault | undefined;
  readonly #opened: AbortSignal;
  readonly #onClose: () => void;
  readonly #running = new Set<Process>();

  constructor(fault: HostFault | undefined, { connection, opened, onClose }: Lease) {
    this.#fault = fault;
    this.connection = connection;
    this.#opened = opened;
    this.#onClose = onClose;
  }

  async exec(argv: readonly string[], options: RunOptions, signal: AbortSignal): Promise<ExecResult> {
    if (this.#fault === 'ends with the call that opened it' && this.#opened.aborted) {
      throw new SteleError('UNREACHABLE', 'gone');
    }
    const process = await this.spawn(argv, options, signal);
    const limit = this.#fault === 'takes all output there is' ? 1e9 : (options.maxOutput ?? 1 << 24);
    const outputs = [process.stdout, process.stderr].map((stream) => {
      const output = { bytes: [] as Buffer[], size: 0 };
      stream.on('data', (chunk: Buffer) => {
        output.size += chunk.length;
        if (output.size > limit) process.kill();
        else output.bytes.push(chunk);
      });
      return output;
    });
    if (this.#fault !== 'never ends the input') {
      process.stdin.end(this.#fault === 'forgets the input' ? '' : (options.stdin ?? ''));
    }
    const exitCode = await process.exited;
    await new Promise((resolve) => setTimeout(resolve, 30));
    if (signal.aborted) throw new SteleError('UNREACHABLE', 'given up');
    if (outputs.some((output) => output.size > limit)) throw new SteleError('PROTOCOL', 'too much');
    const [stdout = '', stderr = ''] = outputs.map((output) => Buffer.concat(output.bytes).toString());
    return this.#fault === 'mixes the outputs'
      ? { exitCode, stdout: stdout + stderr, stderr: '' }
      : { exitCode, stdout, stderr };
  }

  async spawn(argv: readonly string[], options: ExecOptions, signal: AbortSignal): Promise<Process> {
    if (signal.aborted) throw new SteleError('UNREACHABLE', 'given up');
    if (argv.length === 0 || argv.some((part) => part.includes('\0'))) throw new SteleError('INVALID', 'no command');
    const process = new PlainProcess(await this.#start(argv, options), this.#fault);
    this.#running.add(process);
    signal.addEventListener('abort', () => this.#fault !== 'lets commands run on' && process.kill(), { once: true });
    return process;
  }

  async dial(address: Address, signal: AbortSignal): Promise<Duplex> {
    if (this.#fault !== 'dials anything') checkAddress(address);
    const socket = connect('socket' in address ? { path: address.socket } : { ...address });
    if (this.#fault === 'closes what it dialled halfway') socket.end = () => socket.destroy();
    return new Promise((resolve, reject) => {
      socket.once('connect', () => resolve(socket));
      socket.once('error', () => reject(new SteleError('UNREACHABLE', 'nothing listens')));
      if (signal.aborted) socket.destroy(new Error('given up'));
    });
  }

  files(root: string): FileTree {
    const tree: FileTree = new MemoryTree(new MemoryDisk(), []);
    tree.stat = async (path): Promise<FileEntry> => {
      const stats = await stat(`${root}/${path}`);
      const kind = stats.isDirectory() ? 'folder' : 'file';
      return { name: '', path, kind, size: 0, modifiedAt: stats.mtime.toISOString(), mode: stats.mode & 0o7777 };
    };
    return tree;
  }

  async ensureFolder(path: string, mode: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new SteleError('UNREACHABLE', 'given up');
    if (!matches('absolutePath', path) && this.#fault !== 'takes any path')
      throw new SteleError('INVALID', 'path', { field: 'path' });
    if (this.#fault === 'minds a folder that is there' && existsSync(path)) throw new SteleError('CONFLICT', 'there');
    try {
      await mkdir(path, { recursive: true, mode: this.#fault === 'makes folders for all' ? 0o777 : mode });
    } catch (error) {
      throw new SteleError('CONFLICT', 'something else is there', { cause: error });
    }
  }

  async realPath(path: string): Promise<string | undefined> {
    const whole = path.replace(/^~/, homedir());
    if (this.#fault === 'follows no links') return existsSync(whole) ? whole : undefined;
    return realpath(whole).catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#onClose();
    if (this.#fault === 'leaves commands when its lease ends') return;
    for (const process of this.#running) {
      process.kill();
      await process.exited;
      for (const stream of [process.stdin, process.stdout, process.stderr]) stream.destroy();
    }
  }

  #start(argv: readonly string[], options: ExecOptions): Promise<ChildProcessWithoutNullStreams> {
    const inShell = this.#fault === 'runs commands in a shell' || this.#fault === 'says 127 for no program';
    const line = this.#fault === 'says 127 for no program' ? 'exec "$0" "$@"' : argv.join(' ');
    const [program = '', ...args] = inShell ? ['sh', '-c', line, ...argv] : argv;
    const child = spawn(program, args, { cwd: options.cwd, detached: true });
    child.stdin.on('error', () => child.stdin.destroy());
    return new Promise((resolve, reject) => {
      child.once('spawn', () => resolve(child));
      child.once('error', (error: NodeJS.ErrnoException) => {
        const code = error.code === 'EACCES' ? 'DENIED' : 'NOT_FOUND';
        reject(new SteleError(code, error.message, { cause: error }));
      });
    });
  }
}

class PlainProcess implements Process {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exited: Promise<number>;
  readonly #pid: number;
  readonly #fault: HostFault | undefined;
  #isOver = false;

  constructor(child: ChildProcessWithoutNullStreams, fault: HostFault | undefined) {
    this.#fault = fault;
    this.#pid = child.pid ?? fail();
    started.add(this.#pid);
    this.stdin = child.stdin;
    this.stdout = child.stdout;
    this.stderr = child.stderr;
    const numbers: Partial<Record<string, number>> = { SIGTERM: 143, SIGKILL: 137 };
    this.exited = new Promise((resolve) => {
      child.once(fault === 'waits for output to be read to the end' ? 'close' : 'exit', (code, name) => {
        this.#isOver = true;
        resolve(code ?? (fault === 'tells no signals' ? 1 : (numbers[name ?? ''] ?? 255)));
      });
    });
  }

  kill(): void {
    if (this.#isOver) return;
    this.#signal(this.#fault === 'kills at once' ? 'SIGKILL' : 'SIGTERM');
    if (this.#fault !== 'asks but never insists') setTimeout(() => this.#signal('SIGKILL'), 2_000);
  }

  /** The group, or, where that is the fault, its leader alone. */
  #signal(name: NodeJS.Signals): void {
    signalIfThere(this.#fault === 'leaves what a command started' ? this.#pid : -this.#pid, name);
  }
}

function fail(): never {
  throw new Error('a child that runs has a number');
}

function checkAddress(address: Address): void {
  const refuse = (field: string) => {
    throw new SteleError('INVALID', `bad ${field}`, { field });
  };
  if ('socket' in address) return address.socket.startsWith('/') ? undefined : refuse('socket');
  if (!Number.isInteger(address.port) || address.port < 1 || address.port > 65_535) refuse('port');
  if (address.host === '') refuse('host');
}
