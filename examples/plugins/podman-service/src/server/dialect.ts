import { type Dialect, type FailureRule, inspectFormat } from '@stele/sdk/oci-cli';
import type { ServiceLog } from './service-log.ts';
import type { Settings } from './settings.ts';
import { survey } from './survey.ts';

/** Words that only the remote client says. Seen with Podman 4.3. */
const failures: readonly FailureRule[] = [
  {
    pattern: /dial unix \S+: connect: permission denied/i,
    code: 'DENIED',
    message: 'This account may not open the service’s socket.',
  },
  {
    pattern: /unable to connect to Podman socket/i,
    // Not UNREACHABLE: a host without the service is passed over where another engine works.
    code: 'UNSUPPORTED',
    message: 'No service listens on the socket. Start it, e.g. with “systemctl enable --now podman.socket”.',
  },
  {
    pattern: /unknown flag: --runtime/i,
    code: 'INVALID',
    field: 'engine.runtime',
    message: 'The service alone picks the runtime. Choose none.',
  },
];

/** Podman's command line as the client of a service that listens on a Unix socket. */
export function serviceDialect(settings: Settings, services: ServiceLog): Dialect {
  return {
    id: 'podman-service',
    title: 'Podman service',
    command: [settings.command, '--remote', '--url', `unix://${settings.socket}`],
    remedy: 'Install the package “podman”.',
    inspectFormat: inspectFormat('.ImageDigest'),
    logArguments: ['--log-driver', 'k8s-file', '--log-opt', 'max-size=10mb'],
    removeArguments: ['--ignore', '--time', '0'],
    ownNetworks: { removeArguments: ['--force'] },
    pullArguments: () => [],
    authArguments: (folder) => ({ global: [], pull: ['--authfile', `${folder}/config.json`] }),
    knowsOutOfMemory: false,
    runtimes: [],
    failures,
    survey: (cli, signal) => services.note(cli.host.name, survey(cli, signal)),
  };
}
