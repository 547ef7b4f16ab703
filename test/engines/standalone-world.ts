import type { ComputingResource, ContainerEngine, HostService, ImageRef, Launch, Registry } from '@stele/sdk';
import { CliEngine, type Dialect } from '@stele/sdk/oci-cli';
import type { DriverWorld, TaskBehaviours } from '@stele/sdk/testing';
import { LocalHost } from '../../plugins/access/local/src/server/local-host.ts';
import { StandaloneDriver } from '../../plugins/computing/standalone/src/server/driver.ts';
import { taskImage } from './bed.ts';

export const localHosts: HostService = { open: async () => new LocalHost() };

/** A registry that never changes. */
export function registryOf(parts: Readonly<Record<string, Dialect | ContainerEngine>>): Registry<ContainerEngine> {
  const engines = Object.entries(parts).map(([id, part]) => ({
    id,
    item: 'operator' in part ? part : new CliEngine(part),
    plugin: id,
  }));
  return {
    get: (id) => engines.find((entry) => entry.id === id)?.item,
    list: () => engines,
    onChange: () => ({ [Symbol.dispose]: () => undefined }),
  };
}

export const localResource: ComputingResource = {
  id: '0197a3c0-0000-7000-8000-00000000000a',
  name: 'This machine',
  driver: 'standalone',
  access: 'local',
  auth: 'none',
  accessConf: {},
  conf: { grace: 2 },
  engines: [],
};

/** A task that runs a script. What varies travels as variables of its own. */
export function task(script: string, env: Launch['env'] = {}, image: ImageRef = taskImage): Omit<Launch, 'key'> {
  return {
    name: 'kit',
    image,
    interface: { port: 8080, protocol: 'tcp', transport: 'tcp' },
    env: { ...env, SCRIPT: script },
    binds: [],
    options: {},
  };
}

/** Where an engine picks the port, it says so by `BASE_PORT`. */
const greeter = 'trap "exit 0" TERM; echo up; while :; do echo hello | nc -l -p "$BASE_PORT" & wait $!; done';

/** What the kit's tasks do, in an image that runs its `SCRIPT`. */
export function behavioursIn(image: ImageRef): TaskBehaviours {
  return {
    print: (lines, exitCode) => task(`${lines.map((line) => `echo ${line}; `).join('')}exit ${exitCode}`, {}, image),
    greet: () => task(greeter, { BASE_PORT: '8080' }, image),
    ignore: () => task('trap "" TERM; echo up; while :; do sleep 1; done', {}, image),
    missing: () => ({ ...task(''), image: { registry: '127.0.0.1:1', repository: 'stele/none', tag: '1' } }),
  };
}

/** A world for the kit of computing drivers. */
export function driverWorld(
  engines: Readonly<Record<string, Dialect | ContainerEngine>>,
  { hosts, resource }: Pick<DriverWorld, 'resource'> & { readonly hosts: HostService } = {
    hosts: localHosts,
    resource: localResource,
  },
): DriverWorld {
  return {
    driver: new StandaloneDriver(hosts, registryOf(engines)),
    resource,
    behaviours: behavioursIn(taskImage),
    close: async () => undefined,
  };
}
