import { type Architecture, SteleError } from '@stele/sdk';
import { type Cli, type ContainerNetwork, plainTraits, type Survey } from '@stele/sdk/oci-cli';

/** The part of `podman info` that is read here. */
interface Info {
  readonly host: {
    readonly arch: string;
    readonly cgroupVersion: string;
    readonly security: { readonly rootless: boolean; readonly selinuxEnabled: boolean };
  };
  readonly version: { readonly Version: string };
}

const limit = 10;

/** On the default bridge, containers would reach each other. */
const bridge: ContainerNetwork = { kind: 'own', createArguments: ['--opt', 'isolate=true', '--disable-dns'] };
/** Without root, each has a network stack of its own. */
const own: ContainerNetwork = { kind: 'mode', mode: 'private' };

/** Asks the service how it is. */
export async function survey(cli: Cli, signal: AbortSignal): Promise<Survey> {
  const run = { arguments: ['info', '--format', 'json'], doing: 'say how it is', limit };
  const { stdout } = await cli.expect(run, signal);
  return readInfo(stdout);
}

/** Reads what `podman info` printed. Pure. */
export function readInfo(text: string): Survey {
  const { host, version } = parse(text);
  const { rootless, selinuxEnabled: selinux } = host.security;
  // Rootless Podman ignores limits where control groups are of version 1.
  const limits = !(rootless && host.cgroupVersion === 'v1');
  return {
    status: { version: version.Version, architecture: host.arch as Architecture, runtimes: [], rootless, limits },
    traits: { ...plainTraits, limits, selinux, network: rootless ? own : bridge },
  };
}

function parse(text: string): Info {
  try {
    const info = JSON.parse(text) as Partial<Info> | null;
    if (info?.host?.security && info.version?.Version) return info as Info;
  } catch (cause) {
    throw new SteleError('PROTOCOL', 'Podman’s answer is not JSON.', { raw: text, cause });
  }
  throw new SteleError('PROTOCOL', 'Podman’s answer lacks what it should tell.', { raw: text });
}
