import type { Architecture, ContainerSpec } from '@stele/sdk';
import { formatImage, SteleError } from '@stele/sdk';
import { keptCapabilities, ociArchitecture, processLimit } from '@stele/sdk/oci';
import { pullRequest, readContainer } from './common.ts';
import type { Flavour, Greeting, Survey, Traits } from './flavour.ts';

/** Docker knows a container's image by its own id alone. */
const digestLabel = 'stele.digest';

/**
 * One network for all, since Docker's address pools hold about thirty. Its members can't talk to each other. Two clients
 * that make it at once would make two of one name (20.10); the name of the bridge lets only one succeed.
 */
const network = 'stele-tasks';
const networkBody = {
  Name: network,
  CheckDuplicate: true,
  Driver: 'bridge',
  Options: {
    'com.docker.network.bridge.enable_icc': 'false',
    'com.docker.network.bridge.name': network,
  },
};

/** Docker Engine, 20.10 and newer. */
export function docker({ prefix }: Greeting): Flavour {
  return {
    title: 'Docker',
    knowsOutOfMemory: true,
    survey: { method: 'GET', path: `${prefix}/info` },
    readSurvey,
    makeNetwork: () => ({ method: 'POST', path: `${prefix}/networks/create`, body: networkBody }),
    removeNetwork: () => undefined,
    findNetworks: () => undefined,
    create: (spec, traits, digest) => ({
      method: 'POST',
      path: `${prefix}/containers/create`,
      query: {
        name: spec.name,
        ...(spec.architecture === undefined ? {} : { platform: `linux/${spec.architecture}` }),
      },
      body: bodyOf(spec, traits, digest),
    }),
    inspect: (name) => ({ method: 'GET', path: `${prefix}/containers/${name}/json` }),
    readContainer: (answer) => {
      const labels = (answer as { Config?: { Labels?: Record<string, string> } } | null)?.Config?.Labels;
      const digest = labels?.[digestLabel];
      return { ...readContainer(answer), ...(digest === undefined ? {} : { digest }) };
    },
    remove: (name) => ({ method: 'DELETE', path: `${prefix}/containers/${name}`, query: { force: 'true', v: 'true' } }),
    problemOf: () => undefined,
    isEnding: () => false,
    pull: (image, architecture) => pullRequest(prefix, image, architecture),
  };
}

/** The part of the answer to `/info` that is read. */
interface Info {
  readonly ServerVersion: string;
  readonly Architecture: string;
  readonly DefaultRuntime: string;
  readonly Runtimes: Readonly<Record<string, unknown>> | null;
  readonly InitBinary?: string;
  readonly MemoryLimit: boolean;
  readonly SecurityOptions: readonly string[] | null;
  readonly NCPU?: number;
  readonly MemTotal?: number;
  readonly OperatingSystem?: string;
}

function readSurvey(answer: unknown, preferred: string | undefined): Survey {
  const info = answer as Partial<Info> | null;
  if (!info?.ServerVersion || !info.DefaultRuntime || info.Architecture === undefined) {
    throw new SteleError('PROTOCOL', 'Docker’s answer lacks what it should tell.');
  }
  const options = info.SecurityOptions ?? [];
  const own = Object.keys(info.Runtimes ?? {}).filter((name) => !name.startsWith('io.containerd.'));
  return {
    status: {
      product: 'Docker',
      version: info.ServerVersion,
      runtimes: [...new Set([preferred ?? info.DefaultRuntime, info.DefaultRuntime, ...own])],
      architecture: ociArchitecture(info.Architecture) ?? (info.Architecture as Architecture),
      rootless: options.includes('name=rootless'),
      limits: info.MemoryLimit === true,
      network: `tasks apart in the network “${network}”`,
      machine: {
        ...(info.NCPU === undefined ? {} : { cpus: info.NCPU }),
        ...(info.MemTotal === undefined ? {} : { memory: info.MemTotal }),
        ...(info.OperatingSystem === undefined ? {} : { system: info.OperatingSystem }),
      },
    },
    traits: {
      ...(preferred === undefined ? {} : { runtime: preferred }),
      init: Boolean(info.InitBinary),
      limits: info.MemoryLimit === true,
      selinux: options.includes('name=selinux'),
      network: { kind: 'shared' },
    },
  };
}

function bodyOf(spec: ContainerSpec, traits: Traits, digest: string | undefined): object {
  return {
    Image: formatImage(spec.image),
    ...(spec.args === undefined ? {} : { Cmd: spec.args }),
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    Labels: { ...spec.labels, ...(digest === undefined ? {} : { [digestLabel]: digest }) },
    ...(spec.port === undefined ? {} : { ExposedPorts: { [`${spec.port}/tcp`]: {} } }),
    HostConfig: hostOf(spec, traits),
  };
}

function hostOf(spec: ContainerSpec, traits: Traits): object {
  const { memory, cpus, port, publish } = spec;
  const runtime = spec.runtime ?? traits.runtime;
  const binding = { HostIp: publish?.host ?? '127.0.0.1', HostPort: String(publish?.port ?? '') };
  return {
    NetworkMode: network,
    ...(runtime === undefined ? {} : { Runtime: runtime }),
    ...(traits.init ? { Init: true } : {}),
    CapDrop: ['ALL'],
    CapAdd: keptCapabilities,
    SecurityOpt: ['no-new-privileges', ...(traits.selinux && spec.binds.length > 0 ? ['label=disable'] : [])],
    ...(traits.limits ? { PidsLimit: processLimit } : {}),
    // Swap counts within the memory limit: a task that is told 2 GB has no second 2 GB on the host's disk.
    ...(memory === undefined ? {} : { Memory: memory, MemorySwap: memory }),
    ...(cpus === undefined ? {} : { NanoCpus: Math.round(cpus * 1e9) }),
    LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '2' } },
    ...(port === undefined ? {} : { PortBindings: { [`${port}/tcp`]: [binding] } }),
    Mounts: spec.binds.map(({ source, target, readOnly }) => ({
      Type: 'bind',
      Source: source,
      Target: target,
      ReadOnly: readOnly,
    })),
  };
}
