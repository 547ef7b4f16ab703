import { Readable } from 'node:stream';
import { hasCode, type StageTree, SteleError } from '@stele/sdk';
import { join } from '@stele/sdk/trees';
import { below, type Survey, type SurveyedFile } from './survey.ts';

/** Files on their way at a time: small ones wait for answers, large ones for bytes, and hold more in memory. */
const largeAtOnce = 4;
const smallAtOnce = 8;
/** Bytes up to which files are small, on average. */
const small = 1024 ** 2;

/** Where files are and where they go, in trees of any kind. */
export interface Transfer {
  readonly from: StageTree;
  /** What was surveyed. */
  readonly root: string;
  readonly survey: Survey;
  readonly to: StageTree;
  /** Where it goes, under the name that it has there. Its parent exists. */
  readonly target: string;
  /** Whether the file is there already. */
  readonly isThere: (file: SurveyedFile) => boolean;
  /** Bytes that have come, or are known to be there. */
  readonly moved: (bytes: number) => void;
  /** A file is there. Called in the survey's order, each when all before it are there as well. */
  readonly done: (file: SurveyedFile) => void;
}

/**
 * Copies what was surveyed: folders first, then files, each of which appears whole or not at all. What is in the way of a
 * file is replaced.
 * @throws what the trees throw; UNREACHABLE for a file that became shorter
 */
export async function transfer(wish: Transfer, signal: AbortSignal): Promise<void> {
  const { survey, to, target } = wish;
  // A file that was surveyed itself has no folders, and no folder of its own.
  if (survey.files[0]?.path !== '') await ensureFolder(to, target, signal);
  for (const folder of survey.folders) await ensureFolder(to, join(target, folder), signal);
  await each(wish, signal);
}

/** Makes a folder unless it is there; its parent exists. */
export async function ensureFolder(tree: StageTree, path: string, signal: AbortSignal): Promise<void> {
  if (path === '') return;
  try {
    await tree.makeFolder(path, signal);
  } catch (error) {
    if (!hasCode(error, 'CONFLICT') || (await tree.stat(path, signal)).kind !== 'folder') throw error;
  }
}

/** Some at a time; the first failure ends the others, and is what is thrown. */
async function each(wish: Transfer, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const own = AbortSignal.any([signal, over.signal]);
  const line = new Line(wish.survey.files, wish.done);
  const queue = wish.survey.files.entries();
  let failure: { readonly error: unknown } | undefined;
  const work = async (): Promise<void> => {
    for (const [index, file] of queue) {
      if (failure) return;
      await one(wish, file, own);
      line.there(index);
    }
  };
  const guarded = (): Promise<void> =>
    work().catch((error: unknown) => {
      failure ??= { error };
      over.abort();
    });
  const { survey } = wish;
  await Promise.all(Array.from({ length: Math.min(atOnce(survey), survey.files.length) }, guarded));
  if (failure) throw failure.error;
}

/** Files of a transfer that are on their way at a time. */
export function atOnce({ files, bytes }: Pick<Survey, 'files' | 'bytes'>): number {
  return bytes <= files.length * small ? smallAtOnce : largeAtOnce;
}

async function one({ from, root, to, target, isThere, moved }: Transfer, file: SurveyedFile, signal: AbortSignal) {
  signal.throwIfAborted();
  if (isThere(file)) return moved(file.size);
  const source = below(root, file.path);
  // As many bytes as were counted, however it grows meanwhile.
  const content =
    file.size === 0 ? Readable.from([]) : await from.read(source, { start: 0, end: file.size - 1 }, signal);
  try {
    const options = { overwrite: true, size: file.size, unseen: true };
    await to.write(below(target, file.path), counted(content, file, moved), options, signal);
  } finally {
    content.destroy();
  }
}

/** The bytes, counted: fewer than there should be are no file, nor are more, for which nobody has looked whether there is room. */
async function* counted(content: Readable, file: SurveyedFile, moved: (bytes: number) => void) {
  let missing = file.size;
  for await (const chunk of content as AsyncIterable<Uint8Array>) {
    missing -= chunk.length;
    if (missing < 0) throw new SteleError('UNREACHABLE', `“${file.path}” became longer while it was read.`);
    moved(chunk.length);
    yield chunk;
  }
  if (missing > 0) throw new SteleError('UNREACHABLE', `“${file.path}” became shorter while it was read.`);
}

/** Tells of files in their order, though they come in any. */
class Line {
  readonly #files: readonly SurveyedFile[];
  readonly #done: (file: SurveyedFile) => void;
  readonly #there = new Set<number>();
  #next = 0;

  constructor(files: readonly SurveyedFile[], done: (file: SurveyedFile) => void) {
    this.#files = files;
    this.#done = done;
  }

  there(index: number): void {
    this.#there.add(index);
    for (let file = this.#files[this.#next]; file && this.#there.delete(this.#next); file = this.#files[this.#next]) {
      this.#next += 1;
      this.#done(file);
    }
  }
}
