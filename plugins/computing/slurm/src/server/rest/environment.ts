import type { Host } from '@stele/sdk';

/** What of an account's log-in its jobs get. Slurm's own variables come on the node. */
const names = ['HOME', 'LANG', 'LOGNAME', 'PATH', 'SHELL', 'USER'] as const;

/** The environment of a job: the API takes no job without one, and adds nothing of the account's. */
export async function environmentOf(host: Host, signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await host.exec(['env'], {}, signal);
  return { PATH: '/usr/local/bin:/usr/bin:/bin', ...chosen(stdout) };
}

/** Those of a list of `NAME=value` lines that a job gets. Pure. */
export function chosen(text: string): Readonly<Record<string, string>> {
  const pairs = text.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  return Object.fromEntries(pairs.filter(([name]) => names.some((one) => one === name)));
}
