import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** A certificate and its key, as PEM. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}

/** A certificate authority of a site's own, as its nodes don't know it yet. */
export class Authority implements AsyncDisposable {
  /** Its certificate, as PEM. */
  readonly ca: string;
  readonly #folder: string;

  private constructor(folder: string, ca: string) {
    this.#folder = folder;
    this.ca = ca;
  }

  static async open(): Promise<Authority> {
    const folder = await mkdtemp(join(tmpdir(), 'stele-authority-'));
    const files = ['-keyout', join(folder, 'ca.key'), '-out', join(folder, 'ca.pem')];
    await run('openssl', ['req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=The site', ...files]);
    return new Authority(folder, await readFile(join(folder, 'ca.pem'), 'utf8'));
  }

  /** Signs for an address. */
  async identityOf(address: string): Promise<Identity> {
    const [key = '', request = '', cert = '', more = ''] = ['key', 'csr', 'pem', 'ext'].map((kind) =>
      join(this.#folder, `${address}.${kind}`),
    );
    await writeFile(more, `subjectAltName=IP:${address}\n`);
    await run('openssl', ['req', ...newKey, '-subj', `/CN=${address}`, '-keyout', key, '-out', request]);
    const signing = ['-CA', join(this.#folder, 'ca.pem'), '-CAkey', join(this.#folder, 'ca.key'), '-days', '2'];
    await run('openssl', ['x509', '-req', '-in', request, ...signing, '-extfile', more, '-out', cert]);
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.#folder, { recursive: true });
  }
}
