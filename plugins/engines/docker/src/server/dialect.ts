import { type Dialect, inspectFormat } from '@stele/sdk/oci-cli';
import type { DockerSettings } from '../settings.ts';
import { survey } from './survey.ts';

/** Docker knows a container's image by its own id alone. */
const digestLabel = 'stele.digest';

/** Docker's command line, 20.10 and newer. */
export function dockerDialect(settings: DockerSettings): Dialect {
  return {
    id: 'docker',
    title: 'Docker',
    command: [settings.command, ...settings.globalArguments],
    remedy: 'Install the package “docker.io”, or Docker Engine as its makers describe.',
    inspectFormat: inspectFormat(`(index .Config.Labels "${digestLabel}")`),
    digestLabel,
    logArguments: ['--log-driver', 'json-file', '--log-opt', 'max-size=10m', '--log-opt', 'max-file=2'],
    removeArguments: [],
    gpuStyle: 'gpus',
    // Registries without TLS are the daemon's matter.
    pullArguments: () => [],
    authArguments: (folder) => ({ global: ['--config', folder], pull: [] }),
    knowsOutOfMemory: true,
    runtimes: ['runc', 'crun'],
    failures: [],
    survey: (cli, signal) => survey(cli, settings.runtime, signal),
  };
}
