import type { ContainerCommand, ContainerEngine, Launch } from '@stele/sdk';
import { matches, placeholders, SteleError } from '@stele/sdk';
import type { Conf } from '../conf.ts';
import { jobName } from '../grammar.ts';
import { exposureOf, hasSockets, publishedAt } from './exposure.ts';

/** What runs in the job, and on which port of its node it has to. */
export interface Container {
  readonly command: ContainerCommand;
  /** The port that the container insists on; absent: whichever the agent picks. */
  readonly port?: number;
  /** Whether it listens on a socket, and on no port. */
  readonly takesSocket: boolean;
}

/**
 * The command that runs a launch's container in the foreground. Where the engine can't map ports the container shares its
 * node's network: an image that takes its port from `BASE_PORT` gets the agent's, another one needs its own to be free. Pure.
 */
export function containerOf(launch: Launch, engine: ContainerEngine, conf: Conf, gpus = 0): Container {
  checkInterface(launch, engine, conf);
  if (gpus > 0 && !engine.capabilities.gpus)
    throw invalid('options.gpus', `${engine.title} gives no GPUs to containers.`);
  const isMapped = engine.capabilities.portMapping;
  const takesPort = 'BASE_PORT' in launch.env;
  const takesSocket = launch.interface.takesSocket === true && hasSockets(conf, engine);
  const env = checked(!isMapped && takesPort ? { ...launch.env, BASE_PORT: placeholders.port } : launch.env);
  const command = engine.command({
    name: jobName(launch.key),
    image: launch.image,
    ...(launch.architecture === undefined ? {} : { architecture: launch.architecture }),
    ...(launch.credentials === undefined ? {} : { credentials: launch.credentials }),
    env,
    ...(takesSocket ? { takesSocket } : { port: launch.interface.port }),
    ...(isMapped ? { publish: publishedAt(conf) } : {}),
    ...(gpus > 0 ? { gpus: true } : {}),
    binds: launch.binds,
    labels: { 'stele.task': launch.key },
    ...(launch.engine?.runtime === undefined ? {} : { runtime: launch.engine.runtime }),
  });
  checkLines(command);
  const isFree = isMapped || takesPort || takesSocket;
  return { command, takesSocket, ...(isFree ? {} : { port: launch.interface.port }) };
}

function checkInterface(
  { interface: { transport, port, takesSocket }, env }: Launch,
  engine: ContainerEngine,
  conf: Conf,
): void {
  if (transport !== 'tcp') throw unsupported('Interfaces over UDP can’t be reached on a cluster.');
  if (takesSocket === true && hasSockets(conf, engine)) return;
  const isFixed = !engine.capabilities.portMapping && !('BASE_PORT' in env);
  if (isFixed && port < 1_024) {
    throw unsupported(
      `No account may listen on port ${port} of a node: the software has to take its port in BASE_PORT.`,
    );
  }
  const exposure = 'AUTH_PASS' in env ? undefined : exposureOf(conf, engine);
  if (exposure?.isRefused)
    throw new SteleError('DENIED', `${exposure.says} This resource refuses that.`, { field: 'software' });
}

function unsupported(message: string): SteleError {
  return new SteleError('UNSUPPORTED', message, { field: 'interface' });
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

function checkLines({ argv, env = {}, after = [] }: ContainerCommand): void {
  const texts = [...argv, ...after, ...Object.entries(env).flat()];
  if (texts.some((text) => /[\0\r\n]/.test(text)))
    throw invalid('image', 'An argument of the container holds a line break.');
}

function invalid(field: string, message: string): SteleError {
  return new SteleError('INVALID', message, { field });
}
