import type { ContainerCommand, ContainerEngine, Launch } from '@stele/sdk';
import { matches, placeholders, SteleError } from '@stele/sdk';
import { jobName } from '../grammar.ts';

/** What runs in the job, and on which port of its node it has to. */
export interface Container {
  readonly command: ContainerCommand;
  /** The port that the container insists on; absent: whichever the agent picks. */
  readonly port?: number;
}

/**
 * The command that runs a launch's container in the foreground. Where the engine can't map ports the container shares its
 * node's network: an image that takes its port from `BASE_PORT` gets the agent's, another one needs its own to be free. Pure.
 */
export function containerOf(launch: Launch, engine: ContainerEngine): Container {
  if (launch.interface.transport !== 'tcp') {
    const message = 'Interfaces over UDP can’t be reached on a cluster.';
    throw new SteleError('UNSUPPORTED', message, { field: 'interface' });
  }
  const isMapped = engine.capabilities.portMapping;
  const takesPort = 'BASE_PORT' in launch.env;
  const env = checked(!isMapped && takesPort ? { ...launch.env, BASE_PORT: placeholders.port } : launch.env);
  const command = engine.command({
    name: jobName(launch.key),
    image: launch.image,
    ...(launch.architecture === undefined ? {} : { architecture: launch.architecture }),
    env,
    port: launch.interface.port,
    binds: launch.binds,
    labels: { 'stele.task': launch.key },
    ...(launch.engine?.runtime === undefined ? {} : { runtime: launch.engine.runtime }),
  });
  checkLines(command);
  return { command, ...(isMapped || takesPort ? {} : { port: launch.interface.port }) };
}

/** The environment travels as lines: a line break would make a variable of its own. */
function checked(env: Launch['env']): Launch['env'] {
  for (const [name, value] of Object.entries(env)) {
    if (!matches('envName', name))
      throw invalid('env', `“${name.slice(0, 60)}” is no name of an environment variable.`);
    if (/[\0\r\n]/.test(value)) throw invalid(`env.${name}`, `The value of ${name} holds a line break or a NUL.`);
  }
  return env;
}

function checkLines({ argv, env = {} }: ContainerCommand): void {
  const texts = [...argv, ...Object.entries(env).flat()];
  if (texts.some((text) => /[\0\r\n]/.test(text)))
    throw invalid('image', 'An argument of the container holds a line break.');
}

function invalid(field: string, message: string): SteleError {
  return new SteleError('INVALID', message, { field });
}
