import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { dataDirInUse, dataDirUnusable } from '../errors.ts';

/**
 * Keeps two platforms off one data folder. The lock is the kernel's: SQLite's exclusive lock on a file, the one kind
 * that Node offers. It ends with the process, however that ends, so it is never stale; a number in a file would be.
 */
export class DataDirLock implements Disposable {
  /** The folder's real path. */
  readonly dataDir: string;
  readonly #file: DatabaseSync;

  private constructor(dataDir: string, file: DatabaseSync) {
    this.dataDir = dataDir;
    this.#file = file;
  }

  /** Makes the folder where it is missing and takes the lock; CONFLICT when another holds it. */
  static async take(dataDir: string): Promise<DataDirLock> {
    const real = await usable(dataDir);
    const owner = join(real, 'stele.pid');
    const file = tryLock(join(real, 'lock'), real);
    if (file === undefined)
      throw dataDirInUse(
        real,
        await readFile(owner, 'utf8').then(
          (t) => t.trim(),
          () => undefined,
        ),
      );
    await writeFile(owner, `${process.pid}\n`, { mode: 0o600 });
    return new DataDirLock(real, file);
  }

  [Symbol.dispose](): void {
    if (this.#file.isOpen) this.#file.close();
  }
}

async function usable(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    return await realpath(dataDir);
  } catch (error) {
    throw dataDirUnusable(dataDir, error);
  }
}

const sqliteBusy = 5;

function tryLock(path: string, dataDir: string): DatabaseSync | undefined {
  let file: DatabaseSync | undefined;
  try {
    file = new DatabaseSync(path);
    file.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return file;
  } catch (error) {
    file?.close();
    if ((error as { errcode?: number }).errcode === sqliteBusy) return undefined;
    throw dataDirUnusable(dataDir, error);
  }
}
