import { readdir, readFile } from 'node:fs/promises';

/** Looks at the arguments of all processes until it is asked what it saw of `secret`. */
export function watchArguments(secret: string): () => Promise<readonly string[]> {
  const seen = new Set<string>();
  let isOver = false;
  const looking = (async () => {
    while (!isOver) {
      for (const line of await commandLines()) if (line.includes(secret)) seen.add(line);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  return async () => {
    isOver = true;
    await looking;
    return [...seen];
  };
}

async function commandLines(): Promise<readonly string[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  // A process that has ended meanwhile has no arguments any more.
  return Promise.all(processes.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
}

/** Folders in which credentials may lie. */
export async function authFolders(): Promise<readonly string[]> {
  return (await readdir('/tmp')).filter((name) => /^stele-[A-Za-z0-9]{10}$/.test(name));
}
