import type { RunTaskCommandInput } from '@aws-sdk/client-ecs';
import { type JsonObject, type Launch, type LaunchPreview, matches, SteleError } from '@stele/sdk';
import type { Conf } from '../conf.ts';
import { memoryFor, unitsOf } from '../sizes.ts';
import { startedBy } from '../ref.ts';
import { containerName, definitionOf } from './definition.ts';

/** Characters that ECS takes for all that varies from task to task. */
const mostOverrides = 8_192;

/**
 * Refuses what Fargate can’t do, before anything is asked of it. Pure.
 * @throws INVALID, UNSUPPORTED
 */
export function checkLaunch(launch: Launch): void {
  startedBy(launch.key);
  for (const [name, value] of Object.entries(launch.env)) checkVariable(name, value);
  if (launch.interface.transport !== 'tcp') {
    throw new SteleError('UNSUPPORTED', 'Interfaces over UDP can’t be reached on Fargate.', { field: 'interface' });
  }
  if (launch.binds.length > 0) {
    throw new SteleError('UNSUPPORTED', 'Tasks on Fargate see no folders of storages.', { field: 'binds' });
  }
  if (launch.credentials !== undefined) {
    const message = 'ECS takes no password for a registry: it fetches private images by its execution role.';
    throw new SteleError('UNSUPPORTED', message, { field: 'image' });
  }
}

function checkVariable(name: string, value: string): void {
  if (!matches('envName', name)) {
    throw new SteleError('INVALID', `“${name}” is not a valid name of an environment variable.`, { field: 'env' });
  }
  if (matches('envValue', value)) return;
  const message = `The value of ${name} has a line break or a NUL, or is longer than 4,096 characters.`;
  throw new SteleError('INVALID', message, { field: `env.${name}` });
}

/** What ECS is asked to run. The same for the same launch: that is what makes its client token work. Pure. */
export function runRequest(launch: Launch, conf: Conf, definition: string): RunTaskCommandInput {
  const overrides = overridesOf(launch, conf);
  if (JSON.stringify(overrides).length > mostOverrides) {
    const message = `The task’s environment is too long: ECS takes ${mostOverrides} characters.`;
    throw new SteleError('INVALID', message, { field: 'env' });
  }
  return {
    cluster: conf.cluster,
    taskDefinition: definition,
    count: 1,
    clientToken: launch.key,
    startedBy: startedBy(launch.key),
    ...placement(launch.options),
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: [...conf.subnets],
        securityGroups: [...conf.securityGroups],
        assignPublicIp: conf.assignPublicIp ? 'ENABLED' : 'DISABLED',
      },
    },
    overrides,
    // For who looks at the bill. ECS takes them away when the task stops, so nothing is found by them.
    tags: [{ key: 'stele:task', value: launch.key }],
  };
}

function overridesOf({ env, options }: Launch, conf: Conf): NonNullable<RunTaskCommandInput['overrides']> {
  const { cpus, memory } = sizeOf(options, conf);
  const environment = Object.keys(env)
    .sort()
    .map((name) => ({ name, value: env[name] ?? '' }));
  const disk = amount(options['disk']);
  return {
    ...unitsOf(cpus, memory),
    ...(disk === undefined ? {} : { ephemeralStorage: { sizeInGiB: disk } }),
    containerOverrides: [{ name: containerName, environment }],
  };
}

/** What a launch asks for; by default the least memory that goes with its processors. */
function sizeOf(options: JsonObject, conf: Conf): { readonly cpus: number; readonly memory: number } {
  const cpus = amount(options['cpus']) ?? conf.cpus;
  const allowed = memoryFor(cpus);
  const memory = amount(options['memory']) ?? allowed[0];
  if (memory !== undefined && allowed.includes(memory)) return { cpus, memory };
  const message = `Fargate gives ${cpus} processors ${allowed.join(', ')} GiB of memory.`;
  throw new SteleError('INVALID', message, { field: 'options.memory' });
}

function placement({ spot }: JsonObject): Pick<RunTaskCommandInput, 'launchType' | 'capacityProviderStrategy'> {
  if (spot !== true) return { launchType: 'FARGATE' };
  return { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] };
}

function amount(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** What would be sent, for people. The environment’s names are shown, its values are not. Pure. */
export function previewOf(launch: Launch, conf: Conf): LaunchPreview {
  checkLaunch(launch);
  const definition = definitionOf(launch, conf);
  const env = Object.fromEntries(Object.keys(launch.env).map((name) => [name, '…']));
  const RunTask = runRequest({ ...launch, env }, conf, definition.family);
  return { language: 'json', text: JSON.stringify({ RegisterTaskDefinition: definition, RunTask }, undefined, 2) };
}
