import type { Architecture } from '@stele/sdk';
import { hasCode, SteleError } from '@stele/sdk';
import type { Cli, ContainerNetwork, HostTraits, Survey } from '@stele/sdk/oci-cli';
import { type Machine, machineFiles, readMachine, ulimitsFor } from './machine.ts';

const limit = 10;

/** The part of `podman info` that is read here. */
interface Info {
  readonly host: {
    readonly arch: string;
    readonly cgroupVersion: string;
    readonly cgroupManager: string;
    readonly eventLogger: string;
    readonly ociRuntime: { readonly name: string };
    readonly networkBackend?: string;
    readonly security: { readonly rootless: boolean; readonly selinuxEnabled: boolean };
  };
  readonly version: { readonly Version: string };
}

/** Looks at Podman and the host below it. */
export async function survey(
  cli: Cli,
  candidates: readonly string[],
  preferred: string | undefined,
  signal: AbortSignal,
): Promise<Survey> {
  const [info, machine, runtimes] = await Promise.all([
    askPodman(cli, signal),
    askMachine(cli, signal),
    findRuntimes(cli, candidates, signal),
  ]);
  const { name: own } = info.host.ociRuntime;
  const working = workingRuntimes([...new Set([own, ...runtimes])], machine);
  const best = preferred ?? working[0];
  if (best === undefined) throw noRuntime(cli, own);
  const ordered = [...new Set([best, ...working])];
  return { status: statusOf(info, ordered), traits: traitsOf(info, machine, best === own ? undefined : best) };
}

function statusOf({ host, version }: Info, runtimes: readonly string[]): Survey['status'] {
  return {
    version: version.Version,
    runtimes,
    architecture: host.arch as Architecture,
    rootless: host.security.rootless,
    limits: hasLimits(host),
  };
}

function traitsOf({ host, version }: Info, machine: Machine, runtime: string | undefined): HostTraits {
  return {
    globalArguments: (machine.init ?? 'systemd') === 'systemd' ? [] : withoutSystemd(host),
    ...(runtime === undefined ? {} : { runtime }),
    ulimits: host.security.rootless ? [] : ulimitsFor(machine),
    init: true,
    limits: hasLimits(host),
    selinux: host.security.selinuxEnabled,
    network: networkFor(host, version.Version),
  };
}

/**
 * Containers on Podman's default bridge reach each other. With netavark, a bridge for each is fastest and keeps them
 * apart; the older CNI isn't trusted with that. Elsewhere, as without root, each has a user-mode stack of its own that
 * doesn't lead to the host's loopback; it is named because a configuration may say otherwise. Pure.
 */
export function networkFor(host: Pick<Info['host'], 'networkBackend' | 'security'>, version: string): ContainerNetwork {
  if (!host.security.rootless && host.networkBackend === 'netavark') return isolatedBridge;
  const usesPasta = Number.parseInt(version, 10) >= 5;
  return { kind: 'mode', mode: usesPasta ? 'pasta:--no-map-gw' : 'slirp4netns:allow_host_loopback=false' };
}

/** Without Podman's name server, which tells each container the names of its neighbours. */
const isolatedBridge: ContainerNetwork = { kind: 'own', createArguments: ['--opt', 'isolate=true', '--disable-dns'] };

/** Rootless Podman ignores limits where control groups are of version 1. */
function hasLimits(host: Info['host']): boolean {
  return !(host.security.rootless && host.cgroupVersion === 'v1');
}

/** A configuration file may ask for systemd where there is none: then no container starts. */
function withoutSystemd(host: Info['host']): readonly string[] {
  return [
    ...(host.cgroupManager === 'systemd' ? ['--cgroup-manager', 'cgroupfs'] : []),
    ...(host.eventLogger === 'journald' ? ['--events-backend', 'file'] : []),
  ];
}

/** crun (1.8) refuses hosts that mount control groups of version 2 beside those of version 1. Pure. */
export function workingRuntimes(runtimes: readonly string[], machine: Machine): readonly string[] {
  return machine.hasHybridControlGroups ? runtimes.filter((name) => name !== 'crun') : runtimes;
}

/** Debian's looks up which packages its helpers are from: four fifths of the time of `info`, for what nobody reads here. */
const noPackages = { DPKG_ADMINDIR: '/nonexistent' };

async function askPodman(cli: Cli, signal: AbortSignal): Promise<Info> {
  const run = { arguments: ['info', '--format', 'json'], doing: 'say how it is', limit, environment: noPackages };
  const { stdout } = await cli.expect(run, signal);
  const info = readInfo(stdout);
  if (info === undefined) throw new SteleError('PROTOCOL', 'Podman’s answer can’t be understood.', { raw: stdout });
  return info;
}

function readInfo(text: string): Info | undefined {
  try {
    const info = JSON.parse(text) as Partial<Info> | null;
    return info?.host?.ociRuntime?.name && info.host.security && info.version?.Version ? (info as Info) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Where there is no `/proc`, nothing is demanded. */
async function askMachine(cli: Cli, signal: AbortSignal): Promise<Machine> {
  const { stdout } = await cli.host.exec(['cat', ...machineFiles], {}, signal);
  return readMachine(stdout);
}

/** Podman itself knows where it looks for runtimes, e.g. in `/usr/sbin`, which a user's PATH may lack. */
async function findRuntimes(cli: Cli, candidates: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
  const there = await Promise.all(candidates.map((name) => hasRuntime(cli, name, signal)));
  return candidates.filter((_, index) => there[index]);
}

async function hasRuntime(cli: Cli, name: string, signal: AbortSignal): Promise<boolean> {
  // Any subcommand looks for the runtime; this one does little else.
  const args = ['--runtime', name, 'ps', '--quiet'];
  const doing = `look for the runtime ${name}`;
  const result = await cli.run({ arguments: args, doing, limit }, signal);
  if (result.exitCode === 0) return true;
  const failure = cli.failure(result, doing);
  if (hasCode(failure, 'INVALID')) return false;
  throw failure;
}

function noRuntime(cli: Cli, own: string): SteleError {
  const message = `Podman on ${cli.host.name} runs containers with ${own}, which can’t work with the host’s control groups (version 1 and 2 side by side). Install the package “runc”.`;
  return new SteleError('UNSUPPORTED', message);
}
