import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/** A Slurm site whose login node this machine's root can step into. */
export interface Site {
  readonly title: string;
  /** Account that the tests use. */
  readonly user: string;
  /** Where its home is, as jobs see it. */
  readonly home: string;
  /** What has to stand before a command to run it on the login node as root. */
  readonly enter: () => readonly string[];
  /** As `enter`, in the login node's network alone. */
  readonly network: () => readonly string[];
  /** Variables that Slurm's commands need. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Sites that the environment names: `STELE_SLURM_SITE` is the folder of a site with hosts of its own (a process id in
 * `login/pid`), `STELE_SLURM_LOCAL` the `slurm.conf` of a cluster whose nodes are this machine.
 */
export function sites(): readonly Site[] {
  const { STELE_SLURM_SITE: folder, STELE_SLURM_LOCAL: conf } = process.env;
  if (userInfo().uid !== 0) return [];
  return [
    ...(folder !== undefined && existsSync(`${folder}/login/pid`) ? [siteIn(folder)] : []),
    ...(conf !== undefined && existsSync(conf) ? [localSite(conf)] : []),
  ];
}

function siteIn(folder: string): Site {
  const target = () => ['nsenter', '-t', readFileSync(`${folder}/login/pid`, 'utf8').trim()];
  return {
    title: 'Slurm without accounting, hosts of their own',
    user: 'alice',
    home: '/home/alice',
    enter: () => [...target(), '-m', '-u', '-i', '-n', '-p', '-C', '--wdns=/', '--'],
    network: () => [...target(), '-n', '--'],
    env: {},
  };
}

function localSite(conf: string): Site {
  return {
    title: 'Slurm with accounting, on this machine',
    user: 'alice',
    home: '/home/alice',
    enter: () => [],
    network: () => [],
    env: { SLURM_CONF: conf },
  };
}
