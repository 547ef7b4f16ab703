import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';

/** Processes get their arguments soon after they begin: who was looked at this often is looked at each twentieth time alone. */
const looks = 100;

/** Looks at the arguments of all processes until it is asked in which it saw one of the secrets. */
export function watchArguments(...secrets: readonly string[]): () => Promise<readonly string[]> {
  const seen = new Set<string>();
  let known: ReadonlyMap<string, number> = new Map();
  let isOver = false;
  const look = async (id: string): Promise<void> => {
    // A process that has ended meanwhile has no arguments any more.
    const line = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
    if (secrets.some((secret) => line.includes(secret))) seen.add(line);
  };
  const looking = (async () => {
    for (let round = 0; !isOver; round++) {
      const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
      known = new Map(ids.map((id) => [id, (known.get(id) ?? 0) + 1]));
      const isDue = (id: string): boolean => round % 20 === 0 || known.get(id)! <= looks;
      await Promise.all(ids.filter(isDue).map(look));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  return async () => {
    isOver = true;
    await looking;
    return [...seen];
  };
}

/** Folders in which credentials may lie. */
export async function authFolders(): Promise<readonly string[]> {
  const names = await Promise.all([...new Set(['/tmp', tmpdir()])].map((folder) => readdir(folder)));
  return names.flat().filter((name) => /^stele-[A-Za-z0-9]{10}$/.test(name));
}
