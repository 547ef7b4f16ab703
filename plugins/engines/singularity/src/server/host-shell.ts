import { type ExecResult, type Host, isSteleError, type Process, SteleError } from '@stele/sdk';
import type { SingularitySettings } from '../settings.ts';
import { failureOf } from './failures.ts';

/** One question to the host. */
export interface Ask {
  readonly verb: 'status' | 'has' | 'look' | 'digest' | 'start' | 'observe' | 'find' | 'stop' | 'remove';
  readonly arguments?: readonly string[];
  /** As it follows “could not”. */
  readonly doing: string;
  /** Seconds that it may take. */
  readonly limit: number;
  readonly stdin?: string;
}

/** Runs the host's script, in time, and translates how it failed. */
export class HostShell {
  readonly host: Host;
  readonly #prefix: readonly string[];

  constructor(host: Host, script: string, { command, imageFolder }: SingularitySettings) {
    this.host = host;
    this.#prefix = ['sh', '-c', script, 'stele', command, imageFolder];
  }

  /** Asks, and takes any exit code for an answer. */
  async ask({ verb, arguments: args = [], limit, stdin }: Ask, signal: AbortSignal): Promise<ExecResult> {
    return this.inTime(limit, signal, (until) =>
      this.host.exec([...this.#prefix, verb, ...args], stdin === undefined ? {} : { stdin }, until),
    );
  }

  /** Asks, and throws what a failure means. */
  async expect(ask: Ask, signal: AbortSignal): Promise<string> {
    const result = await this.ask(ask, signal);
    if (result.exitCode !== 0) throw this.failure(result, ask.doing);
    return result.stdout;
  }

  /** Starts what answers bit by bit. */
  spawn(verb: 'pull' | 'log', args: readonly string[], signal: AbortSignal): Promise<Process> {
    return this.host.spawn([...this.#prefix, verb, ...args], {}, signal);
  }

  failure(result: ExecResult, doing: string): SteleError {
    return failureOf(result, doing, this.host.name);
  }

  /** Runs `work` with a deadline; tells a deadline of ours from a caller who left. */
  async inTime<T>(seconds: number, signal: AbortSignal, work: (until: AbortSignal) => Promise<T>): Promise<T> {
    const deadline = AbortSignal.timeout(seconds * 1000);
    try {
      return await work(AbortSignal.any([signal, deadline]));
    } catch (error) {
      if (deadline.aborted && !signal.aborted) {
        throw new SteleError('UNREACHABLE', `${this.host.name} did not answer within ${seconds} s.`, { cause: error });
      }
      if (signal.aborted && !isSteleError(error)) {
        throw new SteleError('UNREACHABLE', 'The call was ended before the host had answered.', { cause: error });
      }
      throw error;
    }
  }
}
