import type { ExecResult, Host } from '@stele/sdk';
import { SteleError } from '@stele/sdk';
import { failure, hidesFailure } from './failures.ts';

/** Output that doesn't depend on who asks: plain English, moments as seconds since 1970. */
const stable = ['env', 'LC_ALL=C', 'SLURM_TIME_FORMAT=%s'];
/** Slurm's own patience (`MessageTimeout`) is 10 s, and it may try a second controller. */
const patience = 25_000;

/** Runs Slurm's commands on one host. */
export class Commands {
  readonly host: Host;
  readonly #signal: AbortSignal;

  constructor(host: Host, signal: AbortSignal) {
    this.host = host;
    this.#signal = signal;
  }

  /**
   * Runs a command. Whatever its exit, it is a result. UNREACHABLE when it hangs; UNSUPPORTED when it isn't there.
   * @param before what runs first, and becomes the command
   */
  async try(argv: readonly string[], stdin?: string | Uint8Array, before: readonly string[] = []): Promise<ExecResult> {
    const late = AbortSignal.timeout(patience);
    const signal = AbortSignal.any([this.#signal, late]);
    try {
      const all = [...stable, ...before, ...argv];
      return checked(argv, await this.host.exec(all, stdin === undefined ? {} : { stdin }, signal));
    } catch (error) {
      if (late.aborted && !this.#signal.aborted) throw hanging(argv[0] ?? '', error);
      throw error;
    }
  }

  /** Runs a command that has to succeed, and returns what it prints. Errors by what it says. */
  async run(argv: readonly string[], stdin?: string): Promise<string> {
    return textOf(argv[0] ?? '', await this.try(argv, stdin));
  }
}

/** What a command printed that had to succeed. Pure. Errors by what it says. */
export function textOf(command: string, result: ExecResult): string {
  if (result.exitCode !== 0 || hidesFailure(result)) throw failure(command, result);
  return result.stdout;
}

function checked(argv: readonly string[], result: ExecResult): ExecResult {
  // 127 and 126 are `env`'s: there is no such program, or it can't be run.
  if (result.exitCode !== 127 && result.exitCode !== 126) return result;
  const message = `There is no “${argv[0]}” on this host. Is it a login node of a Slurm cluster, with Slurm’s commands on the path?`;
  throw new SteleError('UNSUPPORTED', message, { raw: result.stderr });
}

function hanging(command: string, cause: unknown): SteleError {
  return new SteleError('UNREACHABLE', `“${command}” doesn’t come back on the cluster’s login node.`, { cause });
}
