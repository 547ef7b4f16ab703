import { type Dialect, inspectFormat } from '@stele/sdk/oci-cli';
import type { PodmanSettings } from '../settings.ts';
import { survey } from './survey.ts';

/** Podman's command line, 4.0 and newer. */
export function podmanDialect(settings: PodmanSettings): Dialect {
  return {
    id: 'podman',
    title: 'Podman',
    command: [settings.command, ...settings.globalArguments],
    remedy: 'Install the packages “podman” and “runc”, e.g. with “apt-get install podman runc”.',
    inspectFormat: inspectFormat('.ImageDigest'),
    // Named, because a host with systemd would log to its journal, which has no bound for a container.
    logArguments: ['--log-driver', 'k8s-file', '--log-opt', 'max-size=10mb'],
    // A control group of its own would be out of the scheduler's reach: its limits, and the end of the job.
    // Its warnings about the host, and what it says of fetching, would stand in the task's log.
    job: { global: ['--log-level', 'error'], run: ['--quiet', '--cgroups', 'disabled'] },
    // Podman's `rm --force` waits the stop time-out; Docker's kills at once.
    removeArguments: ['--ignore', '--time', '0'],
    ownNetworks: { removeArguments: ['--force'] },
    pullArguments: ({ registry }) => (settings.insecureRegistries.includes(registry) ? ['--tls-verify=false'] : []),
    authArguments: (folder) => ({ global: [], pull: ['--authfile', `${folder}/config.json`] }),
    // Podman 4.3 says false on control groups of version 1.
    knowsOutOfMemory: false,
    runtimes: settings.runtimes,
    failures: [],
    survey: (cli, signal) => survey(cli, settings.runtimes, settings.runtime, signal),
  };
}
