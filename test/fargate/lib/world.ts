import { randomUUID } from 'node:crypto';
import type {
  ComputingResource,
  CredentialService,
  DirectDialService,
  Json,
  JsonObject,
  Launch,
  PluginStore,
} from '@stele/sdk';
import type { TaskBehaviours } from '@stele/sdk/testing';
import { Connections } from '../../../plugins/computing/fargate/src/server/aws/connections.ts';
import { Cleared } from '../../../plugins/computing/fargate/src/server/cleared.ts';
import { FargateDriver } from '../../../plugins/computing/fargate/src/server/driver.ts';
import type { Timing } from '../../../plugins/computing/fargate/src/server/timing.ts';
import { LoopbackDial } from './loopback-dial.ts';
import { knownKey } from './stand-in.ts';

/** Less patience than with AWS itself. */
export const quick: Timing = { image: 20_000, poll: 30, consistency: 5_000, lag: 100 };

export const keys = { accessKeyId: knownKey, secretAccessKey: 'secret-of-bed' };

/** A store that lives as long as the test. */
export function memoryStore(): PluginStore {
  const values = new Map<string, Json>();
  return {
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
  };
}

/** A driver, and what of it has to be given back. */
export interface Made {
  readonly driver: FargateDriver;
  readonly connections: Connections;
}

export interface Making {
  readonly credentials?: JsonObject;
  readonly direct?: DirectDialService;
  readonly store?: PluginStore;
  readonly timing?: Timing;
}

export function makeDriver({ credentials = keys, direct, store = memoryStore(), timing = quick }: Making = {}): Made {
  const service: CredentialService = { of: async () => credentials };
  const connections = new Connections(service, 100);
  const driver = new FargateDriver(connections, direct ?? new LoopbackDial(), new Cleared(store), timing);
  return { driver, connections };
}

export function resourceAt(endpoint: string, conf: JsonObject = {}): ComputingResource {
  return {
    id: randomUUID(),
    name: 'Fargate',
    driver: 'fargate',
    access: 'api',
    auth: 'platform-token',
    accessConf: {},
    conf: {
      region: 'eu-central-1',
      cluster: 'bed',
      subnets: ['subnet-0123456789abcdef0'],
      securityGroups: ['sg-0123456789abcdef0'],
      networks: ['127.90.0.0/16'],
      executionRole: 'arn:aws:iam::123456789012:role/bed',
      cpus: 0.25,
      grace: 2,
      endpoint,
      logsEndpoint: endpoint,
      ...conf,
    },
    engines: [],
  };
}

function task(env: Launch['env'], tag = '1'): Omit<Launch, 'key'> {
  return {
    name: 'kit',
    image: { registry: 'registry.bed', repository: 'kit', tag },
    interface: { port: 8080, protocol: 'tcp', transport: 'tcp' },
    env: { ...env, BASE_PORT: '8080' },
    binds: [],
    options: {},
  };
}

/** What the kit’s tasks do, in the image that the stand-in has. */
export const behaviours: TaskBehaviours = {
  print: (lines, exitCode) => task({ KIT: 'print', LINES: JSON.stringify(lines), EXIT: String(exitCode) }),
  greet: () => task({ KIT: 'greet' }),
  ignore: () => task({ KIT: 'ignore' }),
  missing: () => task({}, 'no-such-tag'),
};
