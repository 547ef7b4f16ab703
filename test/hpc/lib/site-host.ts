import { Duplex } from 'node:stream';
import type {
  Address,
  ExecOptions,
  ExecResult,
  FileEntry,
  FileTree,
  Host,
  Process,
  RunOptions,
  WriteOptions,
} from '@stele/sdk';
import { SteleError } from '@stele/sdk';
import { LocalHost } from '../../../plugins/access/local/src/server/local-host.ts';
import type { Site } from './slurm-sites.ts';

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The login node of a site as one of its accounts sees it, without SSH: what the driver needs of a host, and no more. */
export class SiteHost implements Host {
  readonly name: string;
  readonly user: string;
  readonly isDirect = false;
  /** Programs that were run, for tests that count them. */
  readonly commands: string[][];
  readonly #local = new LocalHost();
  readonly #site: Site;

  constructor(site: Site, commands: string[][] = []) {
    this.commands = commands;
    this.#site = site;
    this.user = site.user;
    this.name = `${site.user}@login`;
  }

  exec(argv: readonly string[], options: RunOptions, signal: AbortSignal): Promise<ExecResult> {
    this.commands.push([...argv]);
    return this.#local.exec(this.#as(argv), options, signal);
  }

  spawn(argv: readonly string[], options: ExecOptions, signal: AbortSignal): Promise<Process> {
    return this.#local.spawn(this.#as(argv), options, signal);
  }

  async dial(address: Address, signal: AbortSignal): Promise<Duplex> {
    if (!('port' in address)) throw new SteleError('UNSUPPORTED', 'Sockets can’t be dialled in this test.');
    const dial = `use IO::Socket::INET; my $s = IO::Socket::INET->new(PeerAddr => shift, PeerPort => shift) or exit 7; while (<$s>) { syswrite STDOUT, $_ }`;
    const argv = [...this.#site.network(), 'perl', '-e', dial, address.host, String(address.port)];
    const { stdin, stdout } = await this.#local.spawn(argv, {}, signal);
    return Duplex.from({ readable: stdout, writable: stdin });
  }

  files(root: string): FileTree {
    return new ExecTree(this, root);
  }

  async ensureFolder(folder: string, mode: number, signal: AbortSignal): Promise<void> {
    await run(this, ['mkdir', '-p', '-m', mode.toString(8), folder], signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#local[Symbol.asyncDispose]();
  }

  #as(argv: readonly string[]): readonly string[] {
    const { user, home, env, enter } = this.#site;
    const variables = Object.entries({ PATH: path, HOME: home, USER: user, ...env }).map(
      ([name, value]) => `${name}=${value}`,
    );
    return [...enter(), 'runuser', '-u', user, '--', 'env', '-i', '-C', home, ...variables, ...argv];
  }
}

async function run(host: Host, argv: readonly string[], signal: AbortSignal, stdin?: Uint8Array): Promise<string> {
  const { exitCode, stdout, stderr } = await host.exec(argv, stdin === undefined ? {} : { stdin }, signal);
  if (exitCode === 0) return stdout;
  const code = stderr.includes('No such file') ? 'NOT_FOUND' : stderr.includes('exists') ? 'CONFLICT' : 'PROTOCOL';
  throw new SteleError(code, stderr);
}

/** The few things that the driver does with files, by commands. */
class ExecTree implements FileTree {
  readonly #host: Host;
  readonly #root: string;

  constructor(host: Host, root: string) {
    this.#host = host;
    this.#root = root;
  }

  async stat(name: string, signal: AbortSignal): Promise<FileEntry> {
    await run(this.#host, ['stat', '--', `${this.#root}/${name}`], signal);
    return { name, path: name, kind: 'file', size: 0, modifiedAt: new Date(0).toISOString(), mode: 0 };
  }

  async write(
    name: string,
    content: AsyncIterable<Uint8Array>,
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<FileEntry> {
    const bytes = Buffer.concat(await Array.fromAsync(content));
    const file = `${this.#root}/${name}`;
    await run(this.#host, ['dd', `of=${file}`, 'status=none'], signal, bytes);
    await run(this.#host, ['chmod', (options.mode ?? 0o644).toString(8), file], signal);
    return this.stat(name, signal);
  }

  async makeFolder(name: string, signal: AbortSignal): Promise<FileEntry> {
    await run(this.#host, ['mkdir', '-m', '700', `${this.#root}/${name}`], signal);
    return this.stat(name, signal);
  }

  async remove(name: string, signal: AbortSignal): Promise<void> {
    await this.stat(name, signal);
    await run(this.#host, ['rm', '-rf', '--', `${this.#root}/${name}`], signal);
  }

  list = unused;
  read = unused;
  move = unused;
  copy = unused;
  usage = unused;
}

function unused(): never {
  throw new SteleError('UNSUPPORTED', 'This tree has no such thing.');
}
