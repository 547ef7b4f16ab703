import type { Architecture } from '@stele/sdk';
import { SteleError } from '@stele/sdk';
import { ociArchitecture } from '@stele/sdk/oci';
import type { Cli, ContainerNetwork, Survey } from '@stele/sdk/oci-cli';

const limit = 10;

/** The part of `docker info` that is read here. */
interface Info {
  readonly ServerVersion: string;
  readonly Architecture: string;
  readonly DefaultRuntime: string;
  readonly Runtimes: Readonly<Record<string, unknown>>;
  readonly InitBinary?: string;
  readonly MemoryLimit: boolean;
  readonly SecurityOptions: readonly string[] | null;
}

/**
 * One network for all, since Docker's address pools hold about thirty. Its members can't talk to each other. Two clients
 * that make it at once would make two of one name (20.10); the name of the bridge lets only one succeed.
 */
const network: ContainerNetwork = {
  kind: 'shared',
  name: 'stele-tasks',
  createArguments: [
    ...['--driver', 'bridge'],
    ...['--opt', 'com.docker.network.bridge.enable_icc=false'],
    ...['--opt', 'com.docker.network.bridge.name=stele-tasks'],
  ],
};

/** Looks at Docker's daemon, which knows the host it runs on. */
export async function survey(cli: Cli, preferred: string | undefined, signal: AbortSignal): Promise<Survey> {
  const info = await ask(cli, signal);
  const runtimes = [...new Set([preferred ?? info.DefaultRuntime, info.DefaultRuntime, ...runtimesOf(info.Runtimes)])];
  const options = info.SecurityOptions ?? [];
  return {
    status: {
      version: info.ServerVersion,
      runtimes,
      architecture: ociArchitecture(info.Architecture) ?? (info.Architecture as Architecture),
      rootless: options.includes('name=rootless'),
      limits: info.MemoryLimit,
    },
    traits: {
      globalArguments: [],
      ...(preferred === undefined ? {} : { runtime: preferred }),
      ulimits: [],
      init: Boolean(info.InitBinary),
      limits: info.MemoryLimit,
      selinux: options.includes('name=selinux'),
      network,
    },
  };
}

/** Runtimes that the daemon was told of, without containerd's own names. Pure. */
export function runtimesOf(runtimes: Info['Runtimes']): readonly string[] {
  return Object.keys(runtimes).filter((name) => !name.startsWith('io.containerd.'));
}

async function ask(cli: Cli, signal: AbortSignal): Promise<Info> {
  const doing = 'say how it is';
  const result = await cli.run({ arguments: ['info', '--format', '{{json .}}'], doing, limit }, signal);
  const info = readInfo(result.stdout);
  // Clients differ in how they fail without a daemon: some exit with 0 and list the errors in the answer.
  if (info?.ServerVersion) return info;
  const said = info?.ServerErrors?.join('\n') ?? result.stderr;
  if (result.exitCode === 0 && said === '') {
    throw new SteleError('PROTOCOL', 'Docker’s answer can’t be understood.', { raw: result.stdout });
  }
  throw cli.failure({ ...result, stdout: '', stderr: said }, doing);
}

function readInfo(text: string): (Info & { readonly ServerErrors?: readonly string[] }) | undefined {
  try {
    return JSON.parse(text) as Info;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
