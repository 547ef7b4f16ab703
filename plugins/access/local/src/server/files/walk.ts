import { type FileHandle, readlink } from 'node:fs/promises';
import { conflict, errnoOf, leavesRoot, tooDeep } from '../errors.ts';
import { at, look, openFolder, openRoot } from './handle.ts';
import { below, isAbsolute, isDotDot, type Name, stepsOf } from '@stele/sdk/trees';

/** Where an entry is or would be: a name in an open folder. */
export interface Spot {
  readonly folder: FileHandle;
  /** `.` for the root. */
  readonly name: Name;
}

interface Step {
  readonly folder: FileHandle;
  readonly name: Name;
}

export const depthLimit = 256;
const linkLimit = 40;

/**
 * A way from the root down to one entry, folder by folder, each opened in the handle of the one before. Links are
 * resolved here, step by step, and `..` in them goes back along our own handles: it can't lead above the root.
 */
export class Walk implements AsyncDisposable {
  readonly #root: string;
  readonly #path: string;
  readonly #steps: Step[];
  #links = 0;

  /**
   * @param root absolute path
   * @param path what to call the way in messages
   */
  static async from(root: string, path: string): Promise<Walk> {
    return new Walk(root, path, await openRoot(root));
  }

  private constructor(root: string, path: string, folder: FileHandle) {
    this.#root = root;
    this.#path = path;
    this.#steps = [{ folder, name: Buffer.from('.') }];
  }

  /**
   * Walks down.
   * @param follow whether a link at the very end is followed too; nothing may be there
   */
  async to(parts: readonly Name[], follow: boolean): Promise<Spot> {
    const pending = [...parts];
    for (let part = pending.shift(); part !== undefined; part = pending.shift()) {
      if (isDotDot(part)) await this.#back();
      else if (pending.length > 0) pending.unshift(...(await this.#enter(part)));
      else if (follow && (await this.#isLink(part))) pending.unshift(...(await this.#followed(part)));
      else return { folder: this.#here(), name: part };
    }
    return this.#end();
  }

  /** Handles of the folders that were walked through, the root first. */
  get folders(): readonly FileHandle[] {
    return this.#steps.map((step) => step.folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#steps.splice(0).map((step) => step.folder.close()));
  }

  /** Goes into a folder; for a link, the steps to go in its place. */
  async #enter(part: Name): Promise<readonly Name[]> {
    if (this.#steps.length > depthLimit) throw tooDeep(this.#path, depthLimit);
    try {
      this.#steps.push({ folder: await openFolder(this.#here(), part), name: part });
      return [];
    } catch (error) {
      if (errnoOf(error) === 'ENOTDIR' && (await this.#isLink(part))) return this.#followed(part);
      throw error;
    }
  }

  async #isLink(part: Name): Promise<boolean> {
    return (await look(this.#here(), part))?.isSymbolicLink() ?? false;
  }

  async #followed(part: Name): Promise<readonly Name[]> {
    this.#links += 1;
    if (this.#links > linkLimit) throw conflict(`“${this.#path}” goes round in links.`);
    const target = await this.#targetOf(part);
    if (!isAbsolute(target)) return stepsOf(target);
    const rest = below(this.#root, target);
    if (rest === undefined) throw leavesRoot(this.#path);
    while (this.#steps.length > 1) await this.#back();
    return stepsOf(rest);
  }

  async #targetOf(part: Name): Promise<Buffer> {
    try {
      return await readlink(at(this.#here(), part), { encoding: 'buffer' });
    } catch (error) {
      if (errnoOf(error) === 'EINVAL') throw conflict(`“${this.#path}” was changed by somebody else meanwhile.`);
      throw error;
    }
  }

  async #back(): Promise<void> {
    if (this.#steps.length === 1) throw leavesRoot(this.#path);
    await this.#steps.pop()?.folder.close();
  }

  /** The walk ended in a folder that a link named with `..` or as the root. */
  #end(): Spot {
    const last = this.#steps.at(-1) as Step;
    const parent = this.#steps.at(-2);
    return { folder: (parent ?? last).folder, name: last.name };
  }

  #here(): FileHandle {
    return (this.#steps.at(-1) as Step).folder;
  }
}
