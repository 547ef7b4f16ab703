import type { ContainerSpec, placeholders, PublishedPort } from '../engine.ts';
import { SteleError } from '../errors.ts';
import { formatImage } from '../grammar.ts';
import { keptCapabilities, processLimit } from '../oci/hardening.ts';
import type { Bind } from '../resources.ts';
import { checkSpec } from '../oci/checks.ts';
import type { Dialect, HostTraits } from './dialect.ts';
import { gpuWord } from './gpus.ts';
import { networkOptions } from './network.ts';

/** Where `create` and `run` read the environment from: `/dev/stdin`, unless it is put into a file before. */
export type EnvironmentFile = '/dev/stdin' | `${typeof placeholders.scratch}/environment`;

/**
 * Arguments of `create`, after the program. Pure.
 * @throws INVALID for what can't be expressed
 */
export function createArguments(spec: ContainerSpec, dialect: Dialect, traits: HostTraits): readonly string[] {
  if (spec.gpus === true)
    throw new SteleError('UNSUPPORTED', 'GPUs are given to containers of jobs only.', { field: 'gpus' });
  return [...traits.globalArguments, 'create', '--pull', 'never', ...options(spec, dialect, traits, '/dev/stdin')];
}

/**
 * Arguments of `run` in the foreground; the container is gone when it ends. Unless it has limits of its own it stays
 * within those of whoever runs it, such as a job, where the engine can do that. Pure.
 * @throws INVALID for what can't be expressed
 */
export function runArguments(
  spec: ContainerSpec,
  dialect: Dialect,
  traits: HostTraits,
  environment: EnvironmentFile,
): readonly string[] {
  const job = (spec.memory ?? spec.cpus) === undefined ? dialect.job : undefined;
  const own = job === undefined ? traits : { ...traits, limits: false };
  const more = [...(job?.run ?? []), ...(spec.gpus === true ? [gpuWord] : [])];
  // Who runs it may be far from who fetched the image: a node of a cluster often has a store of its own.
  const pull = ['--pull', 'missing', ...dialect.pullArguments(spec.image)];
  const global = [...(job?.global ?? []), ...own.globalArguments];
  return [...global, 'run', '--rm', ...pull, ...more, ...options(spec, dialect, own, environment)];
}

/** Arguments that remove a container, running or not, and whether it is there or not. Pure. */
export function removeArguments(name: string, dialect: Dialect): readonly string[] {
  return ['rm', '--force', '--volumes', ...dialect.removeArguments, name];
}

function options(
  spec: ContainerSpec,
  dialect: Dialect,
  traits: HostTraits,
  environment: EnvironmentFile,
): readonly string[] {
  checkSpec(spec);
  return [
    '--name',
    spec.name,
    ...runtime(spec, traits),
    ...(spec.architecture === undefined ? [] : ['--platform', `linux/${spec.architecture}`]),
    '--env-file',
    environment,
    ...(traits.init ? ['--init'] : []),
    ...hardening(spec, traits),
    ...limits(spec, traits),
    ...dialect.logArguments,
    ...networkOptions(spec, traits),
    ...(spec.port === undefined ? [] : ['--publish', published(spec.port, spec.publish)]),
    ...spec.binds.flatMap((bind) => ['--mount', mount(bind)]),
    ...Object.entries(spec.labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]),
    formatImage(spec.image),
    ...(spec.args ?? []),
  ];
}

function published(port: number, where: PublishedPort | undefined): string {
  return `${where?.host ?? '127.0.0.1'}:${where?.port ?? ''}:${port}`;
}

function runtime(spec: ContainerSpec, traits: HostTraits): readonly string[] {
  const chosen = spec.runtime ?? traits.runtime;
  return chosen === undefined ? [] : ['--runtime', chosen];
}

function hardening(spec: ContainerSpec, traits: HostTraits): readonly string[] {
  return [
    '--security-opt',
    'no-new-privileges',
    ...(traits.selinux && spec.binds.length > 0 ? ['--security-opt', 'label=disable'] : []),
    '--cap-drop',
    'ALL',
    ...keptCapabilities.flatMap((capability) => ['--cap-add', capability]),
  ];
}

function limits(spec: ContainerSpec, traits: HostTraits): readonly string[] {
  const ulimits = traits.ulimits.flatMap(({ name, value }) => ['--ulimit', `${name}=${value}:${value}`]);
  if (!traits.limits && (spec.memory ?? spec.cpus) !== undefined) throw noLimits(spec);
  if (!traits.limits) return ulimits;
  // Swap counts within the memory limit: a task that is told 2 GB has no second 2 GB on the host's disk.
  const memory = spec.memory === undefined ? [] : ['--memory', `${spec.memory}b`, '--memory-swap', `${spec.memory}b`];
  const cpus = spec.cpus === undefined ? [] : ['--cpus', String(spec.cpus)];
  return ['--pids-limit', String(processLimit), ...memory, ...cpus, ...ulimits];
}

function noLimits(spec: ContainerSpec): SteleError {
  const field = spec.memory === undefined ? 'cpus' : 'memory';
  return new SteleError('UNSUPPORTED', 'This host can’t enforce memory or CPU limits on containers.', { field });
}

/** A record of comma-separated values, as both read it: fields with a comma or a quotation mark are quoted. */
function mount(bind: Bind): string {
  const fields = [
    'type=bind',
    `source=${bind.source}`,
    `target=${bind.target}`,
    ...(bind.readOnly ? ['readonly'] : []),
  ];
  return fields.map((field) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}

/** The environment as an `--env-file`: `NAME=value` a line, the value taken literally. Pure. */
export function environmentText(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
