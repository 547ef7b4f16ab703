import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** What a browser would send too; the gateway's are its own, of the same length. */
const usual = {
  Cookie: `session=${'c'.repeat(86)}`,
  Origin: 'http://benchbenchbench1.tasks.localhost:40000',
};

/** A process that the benchmark started and will end. */
export class Contestant implements AsyncDisposable {
  readonly name: string;
  readonly port: number;
  /** What each request has to carry. */
  readonly headers: Readonly<Record<string, string>>;
  readonly #child: ChildProcess;

  constructor(name: string, child: ChildProcess, port: number, headers: Record<string, string> = usual) {
    this.name = name;
    this.port = port;
    this.headers = headers;
    this.#child = child;
  }

  /** All processes of it: itself and its children. */
  get #pids(): number[] {
    const { pid } = this.#child;
    return pid === undefined ? [] : [pid, ...childrenOf(pid)];
  }

  /** CPU time used so far, in microseconds; the kernel counts in steps of 10 ms. */
  cpu(): number {
    return sum(this.#pids.map((pid) => cpuOf(pid) * 1000));
  }

  /** Resident memory, in bytes. */
  memory(): number {
    return sum(
      this.#pids.map((pid) => {
        return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
      }),
    );
  }

  /** Has garbage collected, where there is a collector. */
  async collect(): Promise<void> {
    if (this.name !== 'nginx') this.#child.kill('SIGUSR2');
    await pause(500);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill();
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 2000);
    await exit;
    clearTimeout(late);
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    const text = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  });
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Runs a Node.js file of this folder. */
export function node(file: string, args: readonly string[]): ChildProcess {
  const options = ['--conditions=source', '--expose-gc', '--import', local('servers/collect.ts'), local(file)];
  return spawn(process.execPath, [...options, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
}

export function local(file: string): string {
  return new URL(file, import.meta.url).pathname;
}

/** The first line that a process prints, as JSON. */
export async function firstLine<T>(child: ChildProcess): Promise<T> {
  if (child.stdout === null) throw new Error('its output is not ours');
  const reader = createInterface(child.stdout);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${child.spawnargs.at(-1)} ended: ${code}`);
  });
  const [line] = (await Promise.race([once(reader, 'line'), ended])) as [string];
  return JSON.parse(line) as T;
}

/** Milliseconds of CPU that a process has used. */
export function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
