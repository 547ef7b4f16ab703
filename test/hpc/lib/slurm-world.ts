import type { ComputingResource, ContainerEngine, Host, JsonObject, Launch, Registry } from '@stele/sdk';
import type { DriverWorld } from '@stele/sdk/testing';
import { readAgent } from '../../../agent/src/index.ts';
import { DirectDialer } from '../../../core/server/src/network/index.ts';
import { SlurmDriver } from '../../../plugins/computing/slurm/src/server/driver.ts';
import { engines as shells, missingImage } from './shell-engine.ts';
import { SiteAccess } from './site-access.ts';
import type { Site } from './site.ts';

/** How a site's scheduler is asked. */
export type Transport = 'commands' | 'rest';

/** What a resource says of its scheduler. @param rest settings beside where slurmrestd is and its key */
export async function transportConf(site: Site, transport: Transport, rest: JsonObject = {}): Promise<JsonObject> {
  if (transport === 'commands') return {};
  return { restUrl: site.rest, restKey: (await site.jwtKey()).toString('base64'), ...rest };
}

/** A resource on a site. */
export function slurmResource(access: SiteAccess, conf: JsonObject = {}): ComputingResource {
  return {
    id: access.target().resource,
    name: 'A cluster',
    driver: 'slurm',
    access: 'ssh',
    auth: 'user-keys',
    accessConf: access.conf(),
    conf: { grace: 3, time: 300, partition: 'shared', ...conf },
    engines: [],
  };
}

/** What is for resources without a login node alone. */
const noCalls = {
  credentials: { of: () => Promise.reject(new Error('no credentials are asked for here')) },
  direct: new DirectDialer(),
  callbacks: {
    origin: () => 'http://localhost',
    open: () => Promise.reject(new Error('nothing calls here')),
    read: () => Promise.reject(new Error('nothing calls here')),
    close: () => Promise.reject(new Error('nothing calls here')),
  },
};

/** The driver with the real agent. @param watched what is done to each host that it opens */
export function slurmDriver(
  { hosts }: SiteAccess,
  watched: (host: Host) => Host = (host) => host,
  engines: Registry<ContainerEngine> = shells,
): SlurmDriver {
  return new SlurmDriver({
    hosts: { open: async (target, call) => watched(await hosts.open(target, call)) },
    engines,
    agent: readAgent(),
    ...noCalls,
  });
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

const listen = `use IO::Socket::INET; my $l = IO::Socket::INET->new(LocalPort => $ENV{BASE_PORT}, Listen => 5, ReuseAddr => 1) or die; while (my $c = $l->accept) { print $c "hello\\n"; close $c }`;

/** Script of a task that prints `up` and answers each connection with `hello`. */
export const greeter = `echo up; exec perl -e '${listen}'`;

/** What the tasks of the kit of computing drivers do. */
export const behaviours: DriverWorld['behaviours'] = {
  print: (lines, exitCode) => task(`${lines.map((line) => `echo ${line}; `).join('')}exit ${exitCode}`),
  greet: () => task(greeter),
  ignore: () => task('trap "" TERM; echo up; while :; do sleep 1; done'),
  missing: () => ({ ...task(''), image: missingImage }),
};

/** A world for the kit of computing drivers. */
export function slurmWorld(site: Site, conf: JsonObject = {}): DriverWorld {
  const access = new SiteAccess(site);
  return {
    driver: slurmDriver(access),
    resource: slurmResource(access, conf),
    behaviours,
    close: async () => access[Symbol.dispose](),
  };
}
