import { globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const docs = join(root, 'docs');

/** A block of code in a page of docs/. */
export interface Snippet {
  /** The page, below docs/. */
  readonly page: string;
  readonly language: string;
  /** What the block is a file of; every block that can be checked has one. */
  readonly file: string | undefined;
  readonly text: string;
}

/** Every page of docs/, below docs/. */
export function pages(): readonly string[] {
  return globSync('**/*.md', { cwd: docs }).toSorted();
}

export function pageText(page: string): string {
  return readFileSync(join(docs, page), 'utf8');
}

export function snippets(): readonly Snippet[] {
  return pages().flatMap((page) =>
    [...pageText(page).matchAll(/^```(\w+)(?: file=(\S+))?\n(.*?)^```$/gms)].map(
      ([, language = '', file, text = '']): Snippet => ({ page, language, file, text }),
    ),
  );
}

/** Writes the snippets that are files into a folder inside the repository, where packages are found. */
export async function writeSnippets(isMeant: (snippet: Snippet) => boolean): Promise<string> {
  const cache = join(root, '.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'docs-'));
  for (const { file, text } of snippets().filter((one) => one.file !== undefined && isMeant(one))) {
    const path = join(folder, file ?? '');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return folder;
}
