import { type Bind, type ContainerCommand, type ContainerSpec, placeholders, SteleError } from '@stele/sdk';
import { authFileText, checkSpec } from '@stele/sdk/oci';
import type { SingularitySettings } from '../settings.ts';
import { demandSource, type ImagePlace, imagePlace } from './image.ts';
import { imageWord, launch } from './launch.ts';

/** Where a container finds the folder for its socket. */
const socketFolder = '/run/stele';

/** Both programs' prefixes: Apptainer takes the other's as well, but grumbles when it stands alone. */
const prefixes = ['APPTAINER', 'SINGULARITY'] as const;

/**
 * The command that runs a container in the foreground under the agent. Pure.
 * @throws INVALID, UNSUPPORTED for what the program can't express, NOT_FOUND for what it can't fetch
 */
export function command(spec: ContainerSpec, settings: SingularitySettings): ContainerCommand {
  checkSpec(spec);
  refuse(spec);
  const image = imagePlace(spec.image, settings);
  demandSource(spec.image, image);
  const { credentials } = spec;
  const { home, scratch } = placeholders;
  const auth = credentials === undefined ? '' : placeholders.auth;
  const gpus = spec.gpus === true ? 'gpus' : '';
  const choices = [settings.command, settings.imageFolder, image.file, image.uri, gpus, home, scratch, auth];
  return {
    argv: [...launch, ...choices, ...options(spec), imageWord, ...(spec.args ?? [])].map(oneLine),
    stdin: '',
    env: environment(spec, image),
    ...(credentials === undefined ? {} : { auth: authFileText(spec.image.registry, credentials) }),
  };
}

/** Isolation: no folder, variable or process of the host's but what is named. The home is the sandbox's. */
function options(spec: ContainerSpec): readonly string[] {
  const socket = { source: placeholders.sockets, target: socketFolder, readOnly: false };
  const binds = spec.takesSocket === true ? [socket, ...spec.binds] : spec.binds;
  return ['--containall', '--cleanenv', '--pid', ...binds.flatMap((bind) => ['--mount', mount(bind)])];
}

/** Fields are quoted as in CSV. */
function mount({ source, target, readOnly }: Bind): string {
  const fields = ['type=bind', `source=${source}`, `destination=${target}`, ...(readOnly ? ['ro'] : [])];
  return fields.map((field) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}

/**
 * By variables, not by `--env-file`, which a shell reads. Without NO_EVAL a shell in the container reads them as well: a
 * value `$(id)` would be run.
 */
function environment(spec: ContainerSpec, { isPlain }: ImagePlace): Record<string, string> {
  const own = { NO_EVAL: '1', TMPDIR: placeholders.scratch, ...(isPlain ? { NOHTTPS: '1' } : {}) };
  return {
    ...withPrefixes('_', own),
    ...withPrefixes('ENV_', withInterface(spec)),
  };
}

/** Where the container's interface is to be: at a socket, or wherever the agent finds room for its port. */
function withInterface({ env, port, takesSocket }: ContainerSpec): ContainerSpec['env'] {
  if (takesSocket === true) return { ...env, BASE_SOCKET: `${socketFolder}/interface` };
  return port === undefined ? env : withPort(env);
}

/** The container shares its node's network: it listens where the agent found room. */
function withPort(env: ContainerSpec['env']): Record<string, string> {
  return 'BASE_PORT' in env ? { ...env, BASE_PORT: placeholders.port } : { ...env };
}

function withPrefixes(separator: string, values: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(values);
  return Object.fromEntries(
    prefixes.flatMap((prefix) => entries.map(([name, value]) => [`${prefix}${separator}${name}`, value])),
  );
}

function refuse({ runtime, memory, cpus }: ContainerSpec): void {
  if (runtime !== undefined) throw refusal('INVALID', 'engine.runtime', 'It knows no OCI runtimes.');
  const limit = memory === undefined ? (cpus === undefined ? undefined : 'cpus') : 'memory';
  if (limit === undefined) return;
  throw refusal('UNSUPPORTED', limit, 'It doesn’t limit containers by itself; a cluster’s scheduler does.');
}

function refusal(code: 'INVALID' | 'UNSUPPORTED', field: string, message: string): SteleError {
  return new SteleError(code, message, { field });
}

/** The agent reads an argument a line. */
function oneLine(argument: string): string {
  if (!/[\n\0]/.test(argument)) return argument;
  throw new SteleError('INVALID', 'An argument of the container can’t hold a line break.', { field: 'args' });
}
