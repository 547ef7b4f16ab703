import { randomBytes } from 'node:crypto';
import { constants } from 'node:os';
import type { ExecOptions, Process } from '@stele/sdk';
import { SteleError, unlessAborted } from '@stele/sdk';
import type { ClientChannel } from 'ssh2';
import type { Endpoint } from '../connection/endpoint.ts';
import type { Link } from '../connection/link.ts';
import { aborted, check, connectionLost, denied, invalid } from '../errors.ts';
import { commandLine } from './command-line.ts';
import { endProcesses } from './ending.ts';
import { Input, Output } from './streams.ts';

/** ms of silence after which outputs are given up that are open after the command's end: a daemon it left behind may hold them for ever. */
const lingering = 1_000;
/** ms for which they are listened to in any case. Hosts tell of the end before the rest of what was printed, while keys are exchanged anew. */
const longestLingering = 30_000;
/** How long a login shell may take to begin the command. */
const startLimit = 60_000;
/** ms in which a command that is given up before it began is ended, or its host has fallen silent. */
const grace = 3_000;

/** A command on a host, in the process group that its SSH server made for it. */
export class RemoteProcess implements Process {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly exited: Promise<number>;
  /** Resolves when its channel is closed. */
  readonly closed: Promise<void>;
  readonly #endpoint: Endpoint;
  readonly #channel: ClientChannel;
  readonly #started = Promise.withResolvers<string | undefined>();
  #hasExited = false;
  #target: string | undefined;
  #ending: Promise<void> | undefined;

  static async start(
    endpoint: Endpoint,
    argv: readonly string[],
    options: ExecOptions,
    signal: AbortSignal,
  ): Promise<RemoteProcess> {
    check(signal);
    checkCommand(argv, options);
    const word = `stele-${randomBytes(12).toString('hex')}`;
    const line = commandLine(argv, options.cwd, word);
    const begin = async (): Promise<RemoteProcess> => {
      const process = await endpoint.session(
        (client, opened) => client.exec(line, opened),
        (channel, link) => new RemoteProcess(endpoint, channel, link, word),
        signal,
      );
      await process.#begun(argv[0] ?? '', options, signal);
      return process;
    };
    return unlessAborted(begin(), signal, grace);
  }

  private constructor(endpoint: Endpoint, channel: ClientChannel, link: Link, word: string) {
    this.#endpoint = endpoint;
    this.#channel = channel;
    this.stdin = new Input(channel);
    this.stdout = new Output(channel, word, () => undefined);
    this.stderr = new Output(channel.stderr, word, (words) => this.#started.resolve(words));
    const exited = Promise.withResolvers<number>();
    const closed = Promise.withResolvers<void>();
    this.exited = exited.promise;
    this.closed = closed.promise;
    const end = () => {
      forget();
      exited.reject(connectionLost(endpoint.name));
      if (this.#hasExited) this.#started.resolve(undefined);
      else this.#started.reject(connectionLost(endpoint.name));
      this.#let();
      closed.resolve();
    };
    const forget = link.onLost(end);
    channel.once('close', end);
    channel.once('exit', (code: number | null, name?: string) => {
      this.#hasExited = true;
      exited.resolve(code ?? 128 + (constants.signals[name as NodeJS.Signals] ?? 9));
      this.stdin.destroy();
      this.#linger();
    });
    void Promise.allSettled([this.exited, this.#started.promise]);
  }

  kill(): void {
    if (this.#hasExited) return;
    this.#ending ??= this.#end();
  }

  /** Ends it and lets go of its streams, whoever else holds them. */
  async release(): Promise<void> {
    this.kill();
    await this.#ending;
    this.#channel.close();
    this.#let();
  }

  /** Resolves when {@link kill} has ended the whole group; at once where nobody asked. */
  async ended(): Promise<void> {
    await this.#ending;
  }

  async #end(): Promise<void> {
    try {
      const target = this.#target ?? (await this.#started.promise);
      if (target !== undefined && /^-?[0-9]+$/.test(target)) await endProcesses(this.#endpoint, this.#channel, target);
    } catch (error) {
      // Nothing more can be done for it: the way to it is gone, or it never began. `exited` tells.
      if (!(error instanceof Error)) throw error;
      this.#channel.close();
    }
  }

  async #begun(program: string, options: ExecOptions, signal: AbortSignal): Promise<void> {
    const giveUp = () => {
      this.#started.reject(aborted(signal));
      this.#channel.close();
    };
    const limit = setTimeout(giveUp, startLimit);
    const kill = () => {
      this.kill();
      setTimeout(giveUp, 2_000).unref();
    };
    signal.addEventListener('abort', kill, { once: true });
    void this.closed.then(() => signal.removeEventListener('abort', kill));
    if (signal.aborted) kill();
    try {
      this.#target = this.#outcome(await this.#started.promise, program, options);
    } catch (error) {
      this.#channel.close();
      throw signal.aborted ? aborted(signal) : error;
    } finally {
      clearTimeout(limit);
    }
    if (signal.aborted) throw aborted(signal);
  }

  #outcome(said: string | undefined, program: string, options: ExecOptions): string {
    const host = this.#endpoint.name;
    if (said === 'folder')
      throw invalid('cwd', `There is no folder “${options.cwd}” on ${host} to run “${program}” in.`);
    if (said === 'missing') throw new SteleError('NOT_FOUND', `There is no program “${program}” on ${host}.`);
    if (said === 'denied') throw denied(`“${program}” may not be run on ${host}.`);
    if (said !== undefined) return said;
    const words = [this.stderr.noise, this.stdout.noise].filter((text) => text !== '').join('\n');
    throw denied(
      `${host} doesn’t run commands for this account: its login shell or a forced command is in the way.`,
      undefined,
      words,
    );
  }

  #linger(): void {
    const close = () => this.#channel.close();
    const [silent, late] = [setTimeout(close, lingering), setTimeout(close, longestLingering)];
    for (const source of [this.#channel, this.#channel.stderr]) source.on('data', () => silent.refresh());
    void this.closed.then(() => {
      clearTimeout(silent);
      clearTimeout(late);
    });
    const streams = [this.stdout, this.stderr].map((stream) => new Promise((resolve) => stream.once('end', resolve)));
    void Promise.all(streams).then(close);
  }

  #let(): void {
    this.stdin.destroy();
    // Only when all has been read: the end of the channel must not cut off what is still buffered.
    for (const stream of [this.stdout, this.stderr]) {
      if (stream.readableEnded || stream.readableLength === 0) stream.destroy();
      else stream.push(null);
    }
  }
}

function checkCommand(argv: readonly string[], { cwd }: ExecOptions): void {
  const [program] = argv;
  if (program === undefined || program === '') throw invalid('argv', 'A command needs a program.');
  if (argv.some((argument) => argument.includes('\0'))) throw invalid('argv', 'A command can’t hold a NUL character.');
  if (cwd !== undefined && (!cwd.startsWith('/') || cwd.includes('\0')))
    throw invalid('cwd', `“${cwd}” is not an absolute path.`);
}
