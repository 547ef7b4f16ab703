import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Site } from '../../hpc/lib/site.ts';

/** OpenSSH to a login node as a patient person uses it: one connection that is kept. */
export class Bare implements AsyncDisposable {
  readonly #site: Site;
  readonly #user: string;
  readonly #folder: string;

  private constructor(site: Site, user: string, folder: string) {
    this.#site = site;
    this.#user = user;
    this.#folder = folder;
  }

  static async open(site: Site, user: string): Promise<Bare> {
    const bare = new Bare(site, user, await mkdtemp(join(tmpdir(), 'stele-bare-')));
    await site.authorize(user);
    await bare.run(['-o', 'ControlMaster=yes', '-o', 'ControlPersist=yes'], 'true');
    return bare;
  }

  /** Runs a command on the login node. @returns what it printed */
  async run(options: readonly string[], command: string, stdin = ''): Promise<string> {
    const { login, port, privateKey, knownHosts } = this.#site;
    const choices = [
      `ControlPath=${join(this.#folder, 'control')}`,
      `UserKnownHostsFile=${knownHosts}`,
      'BatchMode=yes',
    ];
    const where = ['-i', privateKey, '-p', String(port), `${this.#user}@${login}`];
    const all = ['-q', ...options, ...choices.flatMap((choice) => ['-o', choice]), ...where, command];
    const ssh = spawn('ssh', all, { stdio: ['pipe', 'pipe', 'inherit'] });
    ssh.stdin.end(stdin);
    const [said, [code]] = await Promise.all([text(ssh.stdout), once(ssh, 'exit') as Promise<[number | null]>]);
    if (code !== 0) throw new Error(`ssh ended with ${code}: ${said}`);
    return said.trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run(['-O', 'exit'], '');
    await rm(this.#folder, { recursive: true });
  }
}
