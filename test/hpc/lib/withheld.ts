import type { Site } from './site.ts';

const program = '/usr/local/bin/sbatch';
/** Hands the job to Slurm, and says its number when whoever asked is long gone. */
const script = `#!/bin/sh
answer=$(/usr/bin/sbatch "$@")
code=$?
sleep 20
printf '%s\\n' "$answer"
exit $code
`;

/** Whoever runs `sbatch` on the login node until this is given back learns of no number. */
export async function withholdNumbers(site: Site): Promise<AsyncDisposable> {
  await site.on('login', 'sh', '-c', `printf %s "$0" >${program} && chmod 755 ${program}`, script);
  return { [Symbol.asyncDispose]: async () => void (await site.on('login', 'rm', '-f', program)) };
}
