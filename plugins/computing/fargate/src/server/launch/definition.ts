import { createHash } from 'node:crypto';
import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { type Architecture, formatImage, type Launch, SteleError } from '@stele/sdk';
import type { Conf } from '../conf.ts';

/** Name of the one container of a task. */
export const containerName = 'task';
/** What streams of the log group begin with. */
export const streamPrefix = 'stele';

/** Where a task’s container writes to, as ECS names it. Pure. */
export function streamOf(id: string): string {
  return `${streamPrefix}/${containerName}/${id}`;
}

export type Definition = RegisterTaskDefinitionCommandInput & { readonly family: string };

/**
 * The task definition that a launch needs: what is the same for everybody who runs this software here, and no word of anybody.
 * Its family is named by its content, so that it is registered once. Sizes are given when it is run. Pure.
 */
export function definitionOf(launch: Launch, conf: Conf): Definition {
  const content = contentOf(launch, conf);
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
  return { family: `stele-${hash}`, ...content };
}

function contentOf({ image, interface: port, architecture }: Launch, conf: Conf): Omit<Definition, 'family'> {
  return {
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: String(leastMemory),
    executionRoleArn: conf.executionRole,
    ...(conf.taskRole === undefined ? {} : { taskRoleArn: conf.taskRole }),
    runtimePlatform: { cpuArchitecture: cpuArchitecture(architecture), operatingSystemFamily: 'LINUX' },
    containerDefinitions: [
      {
        name: containerName,
        image: formatImage(image),
        essential: true,
        // Whatever the task is given: it has no other container.
        memoryReservation: leastMemory,
        portMappings: [{ containerPort: port.port, protocol: 'tcp' }],
        stopTimeout: conf.grace,
        linuxParameters: { initProcessEnabled: true },
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': conf.logGroup,
            'awslogs-region': conf.region,
            'awslogs-stream-prefix': streamPrefix,
          },
        },
      },
    ],
  };
}

/** MiB of the smallest task that there is. */
const leastMemory = 512;

function cpuArchitecture(architecture: Architecture = 'amd64'): 'X86_64' | 'ARM64' {
  if (architecture === 'amd64') return 'X86_64';
  if (architecture === 'arm64') return 'ARM64';
  throw new SteleError('INVALID', `Fargate has no machines for ${architecture}.`, { field: 'architecture' });
}
