import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Sshd } from './sshd.ts';

const run = promisify(execFile);

/** Somebody who signs keys, as sites have one. */
export class Authority implements AsyncDisposable {
  readonly #folder: string;

  /** @param type and size of its key, as `ssh-keygen` takes them */
  static async make(...type: string[]): Promise<Authority> {
    const folder = await mkdtemp(join(tmpdir(), 'stele-authority-'));
    const kind = type.length === 0 ? ['ed25519'] : type;
    await run('ssh-keygen', ['-q', '-t', ...kind, '-N', '', '-C', 'authority', '-f', join(folder, 'ca')]);
    return new Authority(folder);
  }

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** For `TrustedUserCAKeys`. */
  get file(): string {
    return join(this.#folder, 'ca.pub');
  }

  publicKey(): Promise<string> {
    return readFile(this.file, 'utf8');
  }

  /** Signs one of a server's keys. @param choices those of `ssh-keygen`: `-n ada`, `-V -1h:+1h`, `-h` */
  async sign(sshd: Sshd, key: string, ...choices: string[]): Promise<string> {
    const path = join(this.#folder, 'signed.pub');
    await copyFile(join(sshd.folder, `${key}.pub`), path);
    await run('ssh-keygen', ['-q', '-s', join(this.#folder, 'ca'), '-I', 'a test', ...choices, path]);
    return readFile(join(this.#folder, 'signed-cert.pub'), 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }
}
