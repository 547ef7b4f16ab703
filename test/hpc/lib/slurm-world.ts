import type { ComputingResource, HostService, JsonObject, Launch } from '@stele/sdk';
import type { DriverWorld } from '@stele/sdk/testing';
import { SlurmDriver } from '../../../plugins/computing/slurm/src/server/driver.ts';
import { engines, missingImage } from './shell-engine.ts';
import { SiteHost } from './site-host.ts';
import type { Site } from './slurm-sites.ts';
import { agentProgram } from './stand-in-agent.ts';

/** A resource on a site. */
export function slurmResource(conf: JsonObject = {}): ComputingResource {
  return {
    id: '0197a3c0-0000-7000-8000-00000000000b',
    name: 'A cluster',
    driver: 'slurm',
    access: 'ssh',
    auth: 'platform-keys',
    accessConf: {},
    conf: { grace: 6, time: 300, ...conf },
    engines: [],
  };
}

export function slurmDriver(site: Site): SlurmDriver {
  const hosts: HostService = { open: async () => new SiteHost(site) };
  return new SlurmDriver({ hosts, engines, agent: agentProgram() });
}

/** A task that runs a script. */
export function task(script: string, options: JsonObject = {}): Omit<Launch, 'key'> {
  return {
    name: 'kit; $(touch /tmp/canary)',
    image: { registry: 'localhost', repository: 'stele/any', tag: '1' },
    interface: { port: 8080, protocol: 'tcp', transport: 'tcp' },
    env: { SCRIPT: script, BASE_PORT: '8080' },
    binds: [],
    options: { memory: 64 * 1024 ** 2, ...options },
  };
}

const greeter = `use IO::Socket::INET; my $l = IO::Socket::INET->new(LocalPort => $ENV{BASE_PORT}, Listen => 5, ReuseAddr => 1) or die; while (my $c = $l->accept) { print $c "hello\\n"; close $c }`;

export function slurmWorld(site: Site): DriverWorld {
  return {
    driver: slurmDriver(site),
    resource: slurmResource(),
    behaviours: {
      print: (lines, exitCode) => task(`${lines.map((line) => `echo ${line}; `).join('')}exit ${exitCode}`),
      greet: () => task(`echo up; exec perl -e '${greeter}'`),
      ignore: () => task('trap "" TERM; echo up; while :; do sleep 1; done'),
      missing: () => ({ ...task(''), image: missingImage }),
    },
    close: async () => undefined,
  };
}
