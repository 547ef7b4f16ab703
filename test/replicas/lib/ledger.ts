import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Line {
  readonly pid: number;
  readonly what: string;
  readonly key: string;
}

/** The folder that the driver `ledger` takes for a resource. */
export class Ledger {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(folder: string): Promise<Ledger> {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'ledger'), '');
    return new Ledger(folder);
  }

  async lines(): Promise<readonly Line[]> {
    const text = await readFile(join(this.folder, 'ledger'), 'utf8');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const [pid, what = '', key = ''] = line.split(' ');
        return { pid: Number(pid), what, key };
      });
  }

  /** How often something was done to a task, or at all. */
  async count(what: string, key?: string): Promise<number> {
    return (await this.lines()).filter((line) => line.what === what && (key === undefined || line.key === key)).length;
  }

  /** Makes a call last. */
  async slow(what: string, milliseconds: number): Promise<void> {
    const path = join(this.folder, `slow-${what}`);
    if (milliseconds === 0) await rm(path, { force: true });
    else await writeFile(path, `${milliseconds}`);
  }

  /** The process that did something last. */
  async holder(): Promise<number | undefined> {
    return (await this.lines()).at(-1)?.pid;
  }

  /** Processes in the order in which they looked after the resource; one that came back is there again. */
  async holders(): Promise<number[]> {
    const pids = (await this.lines()).map(({ pid }) => pid);
    return pids.filter((pid, at) => pid !== pids[at - 1]);
  }

  /** Nobody answers there; or somebody does again. */
  async silence(isSilent: boolean): Promise<void> {
    const path = join(this.folder, 'silent');
    if (isSilent) await writeFile(path, '');
    else await rm(path, { force: true });
  }

  /** Nothing was ever begun twice. */
  async demandNoDoubles(): Promise<void> {
    const begun = (await this.lines()).filter(({ what }) => what === 'began').map(({ key }) => key);
    assert.deepEqual(begun, [...new Set(begun)], 'a task was begun twice');
  }
}
