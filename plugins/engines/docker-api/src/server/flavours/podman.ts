import type { Architecture, ContainerSpec } from '@stele/sdk';
import { formatImage, SteleError } from '@stele/sdk';
import { keptCapabilities, processLimit } from '@stele/sdk/oci';
import { jsonOf } from '../http/bodies.ts';
import { pullRequest, readContainer } from './common.ts';
import type { Flavour, Greeting, Survey, Traits } from './flavour.ts';

/** Microseconds in which a container's share of processors is counted. */
const period = 100_000;

/** The service of Podman, 4.0 and newer: by its own API where the shared one says less. */
export function podman({ prefix, own = '' }: Greeting): Flavour {
  return {
    title: 'Podman',
    // Podman 4.3 says false on control groups of version 1.
    knowsOutOfMemory: false,
    survey: { method: 'GET', path: `${own}/info` },
    readSurvey,
    makeNetwork: (spec, { network }) =>
      network.kind === 'own' ? { method: 'POST', path: `${own}/networks/create`, body: networkOf(spec) } : undefined,
    removeNetwork: (name) => ({ method: 'DELETE', path: `${own}/networks/${name}`, query: { force: 'true' } }),
    findNetworks: (filters) => ({ method: 'GET', path: `${own}/networks/json`, query: { filters } }),
    create: (spec, traits) => ({ method: 'POST', path: `${own}/containers/create`, body: bodyOf(spec, traits) }),
    inspect: (name) => ({ method: 'GET', path: `${own}/containers/${name}/json` }),
    readContainer: (answer) => {
      const digest = (answer as { ImageDigest?: string } | null)?.ImageDigest;
      return { ...readContainer(answer), ...(digest === undefined ? {} : { digest }) };
    },
    remove: (name) => ({
      method: 'DELETE',
      path: `${own}/containers/${name}`,
      // It waits the stop time-out otherwise; Docker kills at once.
      query: { force: 'true', v: 'true', timeout: '0', ignore: 'true' },
    }),
    problemOf,
    // Podman 4.3, when a container ends while it is told to.
    isEnding: (problem) => problem.includes('container state improper'),
    pull: (image, architecture) => pullRequest(prefix, image, architecture),
  };
}

/** A removal is answered with a list, in which each container may have its own error. */
function problemOf(text: string): string | undefined {
  const rows = text.trim() === '' ? [] : jsonOf(text);
  const errors = Array.isArray(rows) ? rows.map((row: { Err?: unknown } | null) => row?.Err) : [];
  return errors.find((error): error is string => typeof error === 'string' && error !== '');
}

/** The part of Podman's answer to `/info` that is read. */
interface Info {
  readonly host: {
    readonly arch: string;
    readonly cpus?: number;
    readonly memTotal?: number;
    readonly distribution?: { readonly distribution?: string; readonly version?: string };
    readonly cgroupVersion: string;
    readonly networkBackend?: string;
    readonly ociRuntime: { readonly name: string };
    readonly security: { readonly rootless: boolean; readonly selinuxEnabled: boolean };
  };
  readonly version: { readonly Version: string };
}

function readSurvey(answer: unknown): Survey {
  const { host, version } = infoOf(answer);
  const { rootless, selinuxEnabled: selinux } = host.security;
  // Rootless Podman ignores limits where control groups are of version 1.
  const limits = !(rootless && host.cgroupVersion === 'v1');
  const network = networkFor(host, version.Version);
  // Its API takes the name of a runtime and does nothing with it (4.3): there is none to choose.
  const runtimes = [host.ociRuntime.name];
  const { distribution, version: release } = host.distribution ?? {};
  return {
    status: {
      product: 'Podman',
      version: version.Version,
      runtimes,
      architecture: host.arch as Architecture,
      rootless,
      limits,
      network: network.kind === 'mode' ? `${network.mode} for each task` : 'a network for each task',
      machine: {
        ...(host.cpus === undefined ? {} : { cpus: host.cpus }),
        ...(host.memTotal === undefined ? {} : { memory: host.memTotal }),
        ...(distribution === undefined ? {} : { system: [distribution, release].filter(Boolean).join(' ') }),
      },
    },
    traits: { runtimes, init: true, limits, selinux, network },
  };
}

function infoOf(answer: unknown): Info {
  const info = answer as Partial<Info> | null;
  if (info?.host?.ociRuntime?.name && info.host.security && info.version?.Version) return info as Info;
  throw new SteleError('PROTOCOL', 'Podman’s answer lacks what it should tell.');
}

/** As Podman's command line has it: bridges of netavark are apart, and fast; elsewhere each has a user-mode stack. */
function networkFor({ networkBackend, security }: Info['host'], version: string): Traits['network'] {
  if (!security.rootless && networkBackend === 'netavark') return { kind: 'own' };
  return { kind: 'mode', mode: Number.parseInt(version, 10) >= 5 ? 'pasta' : 'slirp4netns' };
}

/** Without Podman's name server, which tells each container the names of its neighbours. */
function networkOf({ name, labels }: ContainerSpec): object {
  return { name, driver: 'bridge', options: { isolate: 'true' }, dns_enabled: false, labels };
}

function bodyOf(spec: ContainerSpec, traits: Traits): object {
  const { name, image, args, env, labels, binds, architecture } = spec;
  const [arch, variant] = architecture?.split('/') ?? [];
  return {
    name,
    image: formatImage(image),
    ...(args === undefined ? {} : { command: args }),
    env,
    labels,
    ...(arch === undefined ? {} : { image_os: 'linux', image_arch: arch }),
    ...(variant === undefined ? {} : { image_variant: variant }),
    init: traits.init,
    cap_drop: ['ALL'],
    cap_add: keptCapabilities,
    no_new_privileges: true,
    ...(traits.selinux && binds.length > 0 ? { selinux_opts: ['disable'] } : {}),
    ...(traits.limits ? { resource_limits: limitsOf(spec) } : {}),
    // Named, because a host with systemd would log to its journal, which has no bound for a container.
    log_configuration: { driver: 'k8s-file', size: 10_000_000 },
    ...networkingOf(spec, traits),
    mounts: binds.map(({ source, target, readOnly }) => ({
      type: 'bind',
      source,
      destination: target,
      options: ['rbind', readOnly ? 'ro' : 'rw'],
    })),
  };
}

function limitsOf({ memory, cpus }: ContainerSpec): object {
  return {
    pids: { limit: processLimit },
    // Swap counts within the memory limit.
    ...(memory === undefined ? {} : { memory: { limit: memory, swap: memory } }),
    ...(cpus === undefined ? {} : { cpu: { period, quota: Math.round(cpus * period) } }),
  };
}

const stackOptions = { pasta: ['--no-map-gw'], slirp4netns: ['allow_host_loopback=false'] } as const;

function networkingOf({ name, port, publish }: ContainerSpec, { network }: Traits): object {
  const { host = '127.0.0.1', port: at } = publish ?? {};
  const mapping = {
    container_port: port,
    host_ip: host,
    protocol: 'tcp',
    ...(at === undefined ? {} : { host_port: at }),
  };
  return {
    ...(port === undefined ? {} : { portmappings: [mapping] }),
    ...(network.kind === 'mode'
      ? { netns: { nsmode: network.mode }, network_options: { [network.mode]: stackOptions[network.mode] } }
      : { netns: { nsmode: 'bridge' }, Networks: { [name]: {} } }),
  };
}
