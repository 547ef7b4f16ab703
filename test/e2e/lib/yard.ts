import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { SiteFile } from '../../../core/server/src/site/index.ts';

/** A temporary folder for one platform: its data, its site file, whatever the test adds. */
export class Yard implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async open(): Promise<Yard> {
    return new Yard(await mkdtemp(join(tmpdir(), 'stele-e2e-')));
  }

  /**
   * The data folder. It is the yard itself: the embedded database of a platform that root runs belongs to another user,
   * who could not pass a closed folder above it.
   */
  get data(): string {
    return this.path;
  }

  get siteFile(): string {
    return join(this.path, 'site.yaml');
  }

  async writeSite(site: SiteFile): Promise<void> {
    await writeFile(this.siteFile, stringify(site));
  }

  async folder(name: string): Promise<string> {
    const path = join(this.path, name);
    await mkdir(path, { recursive: true });
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
