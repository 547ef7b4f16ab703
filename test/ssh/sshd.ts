import { execFile, type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../e2e/lib/free-port.ts';

const run = promisify(execFile);

/** The account that tests log in to; the bed `sshd` makes it. */
export const account = 'stele-ssh';

/**
 * Variables of everybody's environment, as a line of `sshd_config`. Bash takes commands for those of a shell below another one, and
 * reads no profile: root's own on the machine of a test may do anything, and takes its time.
 */
export function setEnv(variables: Readonly<Record<string, string | undefined>>): string {
  const all = Object.entries({ SHLVL: '1', ...variables });
  return `SetEnv ${all.map(([name, value]) => `${name}=${value}`).join(' ')}`;
}

/** A real OpenSSH server of a test's own. */
export class Sshd implements AsyncDisposable {
  readonly folder: string;
  readonly #options: string;
  #port = 0;
  #process: ChildProcess | undefined;

  /** @param options lines of `sshd_config` that come first and so count */
  static async start(options = ''): Promise<Sshd> {
    const folder = await mkdtemp(join(tmpdir(), 'stele-sshd-'));
    await chmod(folder, 0o755);
    const sshd = new Sshd(folder, options);
    await mkdir(join(folder, 'keys'));
    await mkdir('/run/sshd', { recursive: true });
    for (const key of ['host', 'login', 'stranger']) await sshd.makeKey(key);
    await writeFile(join(folder, 'keys', account), await readFile(join(folder, 'login.pub')));
    // Somebody else may have taken the port before the server has it.
    for (let tries = 3; ; tries -= 1) {
      sshd.#port = await freePort();
      try {
        await sshd.up();
        return sshd;
      } catch (error) {
        if (tries > 1 && /Address already in use/.test((error as Error).message)) continue;
        await sshd[Symbol.asyncDispose]();
        throw error;
      }
    }
  }

  private constructor(folder: string, options: string) {
    this.folder = folder;
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  /** @param type and size of the key, as `ssh-keygen` takes them */
  async makeKey(name: string, ...type: string[]): Promise<void> {
    const path = join(this.folder, name);
    await rm(path, { force: true });
    await rm(`${path}.pub`, { force: true });
    await run('ssh-keygen', [
      ...['-q', '-t', ...(type.length === 0 ? ['ed25519'] : type)],
      ...['-N', '', '-C', 'stele-test', '-f', path],
    ]);
  }

  /** Text of one of its files: `host.pub`, `login`, `sshd.log`. */
  text(name: string): Promise<string> {
    return readFile(join(this.folder, name), 'utf8');
  }

  /** Has it show a certificate for its key from now on, or none. */
  async certify(certificate: string | undefined): Promise<void> {
    await this.down();
    if (certificate === undefined) await rm(this.#certificate, { force: true });
    else await writeFile(this.#certificate, certificate);
    await this.up();
    await writeFile(join(this.folder, 'sshd.log'), '');
  }

  get #certificate(): string {
    return join(this.folder, 'host-cert.pub');
  }

  /** Of one of its keys, as its log names it. */
  async fingerprint(name: string): Promise<string> {
    const { stdout } = await run('ssh-keygen', ['-l', '-f', join(this.folder, `${name}.pub`)]);
    return stdout.split(' ')[1] ?? '';
  }

  async up(): Promise<void> {
    await writeFile(join(this.folder, 'sshd_config'), this.#config());
    const log = join(this.folder, 'sshd.log');
    await appendFile(log, '');
    const { size } = await stat(log);
    this.#process = spawn('/usr/sbin/sshd', ['-D', '-f', join(this.folder, 'sshd_config'), '-E', log], {
      stdio: 'ignore',
    });
    // What it says itself: on its port somebody else could answer.
    for (let tries = 0; ; tries += 1) {
      const hasEnded = isOver(this.#process);
      const said = (await readFile(log)).subarray(size).toString();
      if (/^Server listening on /m.test(said)) return;
      if (hasEnded || tries > 400) throw new Error(`sshd doesn’t listen: ${said}`);
      await sleep(25);
    }
  }

  /** Kills the server and everybody it serves, at once. */
  async down(): Promise<void> {
    const process = this.#process;
    if (process?.pid === undefined || isOver(process)) return;
    const exited = once(process, 'exit');
    await this.#signal(process.pid, 'SIGKILL');
    await exited;
  }

  /** Connections stay and nothing answers any more, as after a power cut. */
  async freeze(): Promise<void> {
    await this.#signal(this.#process?.pid ?? 0, 'SIGSTOP');
  }

  async #signal(server: number, signal: NodeJS.Signals): Promise<void> {
    const { stdout } = await run('ps', ['-e', '-o', 'pid=,ppid=,comm=']);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
    for (const pid of [String(server), ...childrenOf(rows, String(server))]) kill(Number(pid), signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
    await rm(this.folder, { recursive: true });
  }

  #config(): string {
    return `${this.#options}
ListenAddress 127.0.0.1
Port ${this.#port}
HostKey ${this.folder}/host
${existsSync(this.#certificate) ? `HostCertificate ${this.#certificate}` : ''}
PidFile none
AuthorizedKeysFile ${this.folder}/keys/%u
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxStartups 10:30:100
PrintMotd no
LogLevel VERBOSE
Subsystem sftp internal-sftp
`;
  }
}

/** Why no server of our own can run here; `undefined` where one can. */
export async function noSshd(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'sshd needs root';
  try {
    await run(new URL('../beds/sshd', import.meta.url).pathname, ['up'], { timeout: 300_000 });
    return undefined;
  } catch (error) {
    return `there is no sshd: ${(error as Error).message}`;
  }
}

/** sshd’s own processes below one: not what users run. */
function childrenOf(rows: readonly string[][], parent: string): string[] {
  const below = rows
    .filter(([, ppid, name]) => ppid === parent && name?.startsWith('sshd') === true)
    .map(([pid = '']) => pid);
  return below.flatMap((pid) => [pid, ...childrenOf(rows, pid)]);
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function isOver({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
