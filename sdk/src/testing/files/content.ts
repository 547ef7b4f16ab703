import assert from 'node:assert/strict';
import type { FileEntry, FileTree, ListOptions } from '../../files.ts';
import { borrow, giveBack, lend, lendingSize } from '../../lent-memory.ts';

/** A signal that nobody aborts. */
export const never: AbortSignal = new AbortController().signal;

/** Chunks as a stream. */
export async function* chunks(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const part of parts) yield typeof part === 'string' ? Buffer.from(part) : part;
}

/** A stream that breaks after some chunks. */
export async function* breaking(...parts: readonly string[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* chunks(...parts);
  throw new Error('the source broke');
}

/** A stream that says something and is then silent for ever. */
export async function* silent(...parts: readonly string[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* chunks(...parts);
  await new Promise<never>(() => undefined);
}

/** A stream that waits for `gate` before its second half. */
export async function* gated(
  first: string,
  gate: Promise<void>,
  second: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from(first);
  await gate;
  yield Buffer.from(second);
}

/** The whole of a stream. */
export async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** Bytes in memory that is lent. Once it is given back, it is used again at once. */
export async function* lentChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += lendingSize) {
    const part = bytes.subarray(at, at + lendingSize);
    const memory = borrow();
    memory.set(part);
    yield lend(memory, part.length);
    spoil();
  }
}

/** The whole of a stream, whose memory goes back piece by piece and is used again at once. */
export async function bytesGivenBack(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) {
    parts.push(Buffer.from(part));
    giveBack(part);
    spoil();
  }
  return Buffer.concat(parts);
}

/** Uses the memory that was given back last: whoever still looks at it is found out. */
function spoil(): void {
  giveBack(lend(borrow().fill('spoiled'), lendingSize));
}

/** A file's text. */
export async function textAt(tree: FileTree, path: string): Promise<string> {
  return (await bytesOf(await tree.read(path, undefined, never))).toString('utf8');
}

/** Writes a file's text. */
export function put(tree: FileTree, path: string, text: string): Promise<FileEntry> {
  return tree.write(path, chunks(text), { overwrite: true }, never);
}

/** All names of a folder, page by page. */
export async function namesIn(
  tree: FileTree,
  path: string,
  options: ListOptions = { hidden: true },
): Promise<string[]> {
  const names: string[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    pages += 1;
    assert(pages < 1_000, 'the pages must end');
    const page = await tree.list(path, { ...options, ...(cursor === undefined ? {} : { cursor }) }, never);
    names.push(...page.items.map((item) => item.name));
    cursor = page.next;
  } while (cursor !== undefined);
  return names;
}

/** Every method that takes a path, called with one. */
export function everyCall(
  tree: FileTree,
  path: string,
  signal: AbortSignal = never,
): readonly (readonly [name: string, call: () => Promise<unknown>, field: string])[] {
  return [
    ['list', () => tree.list(path, {}, signal), 'path'],
    ['stat', () => tree.stat(path, signal), 'path'],
    ['read', () => tree.read(path, undefined, signal), 'path'],
    ['write', () => tree.write(path, chunks('x'), { overwrite: true }, signal), 'path'],
    ['makeFolder', () => tree.makeFolder(path, signal), 'path'],
    ['remove', () => tree.remove(path, signal), 'path'],
    ['move from', () => tree.move(path, 'kit-target', signal), 'from'],
    ['move to', () => tree.move('kit-source', path, signal), 'to'],
    ['copy from', () => tree.copy(path, 'kit-target', signal), 'from'],
    ['copy to', () => tree.copy('kit-source', path, signal), 'to'],
  ];
}
