import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Programs that the benchmark needs, with the Debian package of each. */
const needed = [
  ['/usr/bin/wrk', 'wrk'],
  ['/usr/sbin/nginx', 'nginx-light'],
] as const;

/** Installs what is missing. */
export function installTools(): void {
  const missing = needed.filter(([path]) => !existsSync(path)).map(([, name]) => name);
  if (missing.length === 0) return;
  console.error(`Installing for the benchmark: ${missing.join(' ')}`);
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  const run = (...argv: string[]): void => {
    const [program = '', ...args] = [...sudo, ...argv];
    execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  };
  run('apt-get', 'update', '-qq');
  run('apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...missing);
  // Debian starts a web server that it installs; the benchmark starts its own, on a free port.
  if (missing.includes('nginx-light')) run('service', 'nginx', 'stop');
}
