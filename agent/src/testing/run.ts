// Told to the linter, which reads tests without any tsconfig.
/// <reference lib="esnext.disposable" />
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readAgent } from '../index.ts';

const programs = mkdtempSync(join(tmpdir(), 'stele-agent-program-'));
process.once('exit', () => rmSync(programs, { recursive: true }));

/** The agent, as it lies on a cluster. */
export const agentFile = join(programs, 'agent.sh');
writeFileSync(agentFile, readAgent().text);

/** The shells that compute nodes have. */
export const shells: readonly (readonly string[])[] = [['dash'], ['bash'], ['busybox', 'sh']];

/** What a task's folder holds. */
export interface Files {
  readonly command: readonly (string | Buffer)[];
  readonly stdin?: string | Buffer;
  readonly env?: string | Buffer;
  readonly settings?: Readonly<Record<string, string | number>>;
  readonly after?: readonly string[];
  readonly auth?: string;
}

/** A task's folder, and the agents that run in it. Dispose of it: the agents are ended, the folder goes. */
export class TaskFolder implements AsyncDisposable {
  readonly path: string;
  /** Where agents make their sandboxes. */
  readonly node: string;
  readonly #root: string;
  readonly #agents: ChildProcess[] = [];

  private constructor(root: string) {
    this.#root = root;
    this.path = join(root, 'task');
    this.node = join(root, 'node');
  }

  static async make(files: Files, root?: string): Promise<TaskFolder> {
    const folder = new TaskFolder(root ?? (await mkdtemp(join(tmpdir(), 'stele-agent-'))));
    await mkdir(folder.path, { recursive: true });
    await mkdir(folder.node);
    await folder.fill(files);
    return folder;
  }

  async fill({ command, stdin = '', env = '', settings = {}, after, auth }: Files): Promise<void> {
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    const list = Buffer.concat(command.flatMap((argument) => [Buffer.from(argument as string), Buffer.from('\n')]));
    await writeFile(join(this.path, 'command'), list);
    await writeFile(join(this.path, 'stdin'), stdin);
    if (after !== undefined) await writeFile(join(this.path, 'after'), after.map((line) => `${line}\n`).join(''));
    if (auth !== undefined) await writeFile(join(this.path, 'auth'), auth, { mode: 0o600 });
    await writeFile(join(this.path, 'env'), env);
    await writeFile(join(this.path, 'settings'), lines.join(''));
  }

  /** Starts an agent. */
  start(shell: readonly string[], environment: NodeJS.ProcessEnv = {}): Agent {
    const [program = '', ...args] = shell;
    const env = { PATH: process.env['PATH'], TMPDIR: this.node, ...environment };
    const child = spawn(program, [...args, agentFile, this.path], { env, stdio: 'ignore', detached: true });
    this.#agents.push(child);
    return new Agent(child);
  }

  /** What the agent says; empty before it has said anything. */
  status(): Readonly<Record<string, string>> {
    const text = read(join(this.path, 'status')).toString();
    return Object.fromEntries([...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
  }

  /** What the container printed. */
  log(): Buffer {
    return read(join(this.path, 'log'));
  }

  agentLog(): string {
    return read(join(this.path, 'agent.log')).toString();
  }

  /** Waits until something holds. */
  async until(what: string, isTrue: () => boolean, seconds = 20): Promise<void> {
    const deadline = performance.now() + seconds * 1000;
    while (!isTrue()) {
      if (performance.now() > deadline) throw new Error(`${what}: not within ${seconds} s; ${this.describe()}`);
      await sleep(20);
    }
  }

  running(): Promise<void> {
    return this.until('the container prints', () => this.log().length > 0);
  }

  describe(): string {
    return JSON.stringify({ status: this.status(), log: this.log().toString(), said: this.agentLog() });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { pid } of this.#agents) signal(-(pid as number), 'SIGKILL');
    await rm(this.#root, { recursive: true, force: true });
  }
}

/** A running agent. */
export class Agent {
  readonly pid: number;
  /** Its exit code; 128 + n for signals isn't made up here: `null` then. */
  readonly ended: Promise<number | null>;

  constructor(child: ChildProcess) {
    this.pid = child.pid as number;
    this.ended = new Promise((resolve, reject) => {
      child.once('exit', (code) => resolve(code));
      child.once('error', reject);
    });
  }

  kill(name: NodeJS.Signals): void {
    signal(this.pid, name);
  }
}

/** Skips what can't be run on this machine, and says why. (The agent imports nothing, the SDK's tests included.) */
export function skip(context: { skip(): unknown }, why: string): void {
  console.log(`      skipped: ${why}`);
  context.skip();
}

/** A constant script as a container. */
export function script(text: string, ...args: readonly (string | Buffer)[]): readonly (string | Buffer)[] {
  return ['/bin/sh', '-c', text, 'container', ...args];
}

/** Sends a signal to whom may have ended. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Makes a file that can be run. */
export async function program(path: string, text: string): Promise<string> {
  await writeFile(path, text);
  await chmod(path, 0o755);
  return path;
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return Buffer.alloc(0);
  }
}
