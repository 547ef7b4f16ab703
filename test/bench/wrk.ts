import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Contestant } from './processes.ts';

/** What wrk saw. */
export interface WrkResult {
  readonly requests: number;
  readonly perSecond: number;
  /** Microseconds. */
  readonly p50: number;
  /** Microseconds. */
  readonly p99: number;
}

const units: Record<string, number> = { us: 1, ms: 1000, s: 1_000_000 };

/** Asks for `/` over some connections for some seconds. */
export async function wrk(contestant: Contestant, connections: number, seconds: number): Promise<WrkResult> {
  const headers = Object.entries(contestant.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const load = ['-t1', `-c${connections}`, `-d${seconds}`, '--latency', '--timeout', '20s'];
  const url = `http://127.0.0.1:${contestant.port}/`;
  const { stdout } = await promisify(execFile)('/usr/bin/wrk', [...load, ...headers, url]);
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`${contestant.name} failed under load:\n${stdout}`);
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
  return { requests, perSecond, p50: percentile(stdout, 50), p99: percentile(stdout, 99) };
}

function percentile(text: string, rank: number): number {
  const [, number = '', unit = ''] = new RegExp(`${rank}%\\s+([\\d.]+)(us|ms|s)`).exec(text) ?? [];
  return Number(number) * (units[unit] ?? Number.NaN);
}
