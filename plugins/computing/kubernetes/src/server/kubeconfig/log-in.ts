import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf, SteleError } from '@stele/sdk';
import { invalid } from './invalid.ts';
import type { LoginCommand } from './read.ts';

const run = promisify(execFile);
/** Milliseconds. */
const patience = 30_000;
/** Milliseconds before its end from which on a token isn't taken any more. */
const margin = 60_000;
/** Milliseconds after which another token may be better than one that was just got. */
const young = 5_000;

/** A token that a command printed. */
export interface Token {
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly gotAt: number;
  /** Absent: it says no end. */
  readonly endsAt?: number;
}

/** Gets tokens by the commands that kubeconfigs name, and keeps them until they end. */
export class LogIns {
  readonly #allowed: ReadonlySet<string>;
  readonly #tokens = new Map<string, Promise<Token>>();

  constructor(allowed: readonly string[]) {
    this.#allowed = new Set(allowed);
  }

  /** Whether an operator has allowed this command. */
  allows({ command }: LoginCommand): boolean {
    return this.#allowed.has(command);
  }

  /** @throws INVALID for a command that no operator allowed, DENIED for one that fails */
  async token(login: LoginCommand): Promise<string> {
    if (!this.allows(login)) throw notAllowed(login.command);
    const name = JSON.stringify(login);
    const known = await this.#tokens.get(name);
    if (known !== undefined && isGood(known, Date.now())) return known.value;
    const next = ask(login);
    this.#tokens.set(name, next);
    next.catch(() => this.#tokens.delete(name));
    return (await next).value;
  }

  /** Forgets a token that was refused. False where it was got a moment ago: another would be no better. */
  async renew(login: LoginCommand): Promise<boolean> {
    const name = JSON.stringify(login);
    const known = await this.#tokens.get(name);
    if (known === undefined || Date.now() - known.gotAt < young) return false;
    return this.#tokens.delete(name);
  }
}

/** Whether a token can be used now. Pure. */
export function isGood({ endsAt }: Token, now: number): boolean {
  return endsAt === undefined || endsAt - now > margin;
}

async function ask({ command, args, env, apiVersion }: LoginCommand): Promise<Token> {
  const info = JSON.stringify({ apiVersion, kind: 'ExecCredential', spec: { interactive: false } });
  const own = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/' };
  try {
    const { stdout } = await run(command, args, {
      env: { ...own, ...env, KUBERNETES_EXEC_INFO: info },
      timeout: patience,
      maxBuffer: 1 << 20,
    });
    return tokenOf(stdout, Date.now());
  } catch (error) {
    const message = `${command}, which the kubeconfig names to log in, failed: ${messageOf(error).split('\n')[0]}`;
    throw new SteleError('DENIED', message, { field: 'conf.kubeconfig', cause: error });
  }
}

/** Reads what such a command prints. Pure. */
export function tokenOf(stdout: string, now: number): Token {
  const { status } = JSON.parse(stdout) as { status?: { token?: unknown; expirationTimestamp?: unknown } };
  if (typeof status?.token !== 'string') throw new Error('it printed no token');
  const end = typeof status.expirationTimestamp === 'string' ? Date.parse(status.expirationTimestamp) : Number.NaN;
  return { value: status.token, gotAt: now, ...(Number.isNaN(end) ? {} : { endsAt: end }) };
}

function notAllowed(command: string): SteleError {
  return invalid(
    'kubeconfig',
    `It names “${command}” to log in with. An operator has to allow that command, by its absolute path, in the settings of the plugin computing-kubernetes.`,
  );
}
