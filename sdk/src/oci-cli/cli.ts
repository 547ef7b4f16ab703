import type { ExecResult, Host, Process, RunOptions } from '../access.ts';
import { hasCode, isSteleError, SteleError } from '../errors.ts';
import type { Dialect } from './dialect.ts';
import { failureOf } from './failures.ts';
import { withEnvironment, withJoinedOutput, withPipedInput } from './wrap.ts';

/** One run of the engine's command line. */
export interface CliRun {
  /** Arguments after the dialect's own. */
  readonly arguments: readonly string[];
  /** What it is for, as it follows “could not”: `start a container`. */
  readonly doing: string;
  /** Seconds that it may take. */
  readonly limit: number;
  /** What it reads as `/dev/stdin`. Secret. */
  readonly stdin?: string;
  /** What it finds in its environment beside what the host gives it. Other users of the host can see it. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Podman's monitor leaves an empty file `oom` in the folder that it was started from (conmon 2.1); here it can't. */
const nowhere = { cwd: '/proc' };

/** The command line of one engine on one host: runs it in time and translates what it says. */
export class Cli {
  readonly host: Host;
  readonly dialect: Dialect;

  constructor(host: Host, dialect: Dialect) {
    this.host = host;
    this.dialect = dialect;
  }

  /** Program and all arguments. */
  argv(args: readonly string[]): readonly string[] {
    return [...this.dialect.command, ...args];
  }

  /** Runs it to its end. A non-zero exit is a result. UNREACHABLE when it takes too long, UNSUPPORTED when it is missing. */
  run(run: CliRun, signal: AbortSignal): Promise<ExecResult> {
    const { stdin, environment } = run;
    const argv = withEnvironment(environment ?? {}, this.argv(run.arguments));
    const [command, input] = stdin === undefined ? [argv, {}] : [withPipedInput(argv), { stdin }];
    const options = { ...nowhere, ...input };
    return this.inTime(run.limit, signal, async (until) => {
      const result = await this.#exec(command, options, until);
      // What started it says so, where the host itself would tell NOT_FOUND.
      if ((stdin ?? environment) !== undefined && result.exitCode === 127) throw this.missing();
      return result;
    });
  }

  /** Runs it and throws what its failure means. */
  async expect(run: CliRun, signal: AbortSignal): Promise<ExecResult> {
    const result = await this.run(run, signal);
    if (result.exitCode !== 0) throw this.failure(result, run.doing);
    return result;
  }

  /** Starts it with both outputs joined on standard output. */
  async stream(args: readonly string[], signal: AbortSignal): Promise<Process> {
    return this.host.spawn(withJoinedOutput(this.argv(args)), {}, signal);
  }

  /** What a result that isn't good means. */
  failure(result: ExecResult, doing: string): SteleError {
    return failureOf(result, this.dialect, `${doing} on ${this.host.name}`);
  }

  /** Runs `work` with a deadline; tells a deadline of ours from a caller who left. */
  async inTime<T>(seconds: number, signal: AbortSignal, work: (until: AbortSignal) => Promise<T>): Promise<T> {
    const deadline = AbortSignal.timeout(seconds * 1000);
    try {
      return await work(AbortSignal.any([signal, deadline]));
    } catch (error) {
      if (deadline.aborted && !signal.aborted) throw this.#late(seconds, error);
      if (signal.aborted && !isSteleError(error)) throw left(error);
      throw error;
    }
  }

  async #exec(command: readonly string[], options: RunOptions, signal: AbortSignal): Promise<ExecResult> {
    try {
      return await this.host.exec(command, options, signal);
    } catch (error) {
      throw hasCode(error, 'NOT_FOUND') ? this.missing(error) : error;
    }
  }

  #late(seconds: number, cause: unknown): SteleError {
    const message = `${this.dialect.title} on ${this.host.name} did not answer within ${seconds} s.`;
    return new SteleError('UNREACHABLE', message, { cause });
  }

  /** What a missing program means. */
  missing(cause?: unknown): SteleError {
    const message = `${this.dialect.title} is not installed on ${this.host.name}. ${this.dialect.remedy}`;
    return new SteleError('UNSUPPORTED', message, { cause });
  }
}

function left(cause: unknown): SteleError {
  return new SteleError('UNREACHABLE', 'The call was ended before the engine had answered.', { cause });
}
