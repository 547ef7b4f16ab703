import type { Site } from './site.ts';

/** Bob has the only node of the partition `long` for himself until this is given back. No shared job may be there before. */
export async function occupyLong(site: Site): Promise<AsyncDisposable> {
  const wanted = ['--partition=long', '--exclusive', '--time=10', '--output=/dev/null', '--wrap=sleep 600'];
  const job = await site.as('bob', 'login', 'sbatch', '--parsable', ...wanted);
  return { [Symbol.asyncDispose]: async () => void (await site.as('bob', 'login', 'scancel', job)) };
}
