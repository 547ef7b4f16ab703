import type { Ulimit } from '@stele/sdk/oci-cli';

/** What a Linux host says about itself in `/proc`. */
export interface Machine {
  /** Name of process 1; `systemd` where it rules. */
  readonly init: string | undefined;
  /** Whether processes that an engine starts may raise their own hard limits. */
  readonly mayRaiseLimits: boolean;
  /** Hard limits by the name of the `ulimit` option. */
  readonly hardLimits: ReadonlyMap<string, number>;
  /** Whether control groups of both versions are mounted, the second beside the first. */
  readonly hasHybridControlGroups: boolean;
}

/** Files that {@link readMachine} reads. */
export const machineFiles = ['/proc/1/comm', '/proc/self/limits', '/proc/self/status', '/proc/mounts'] as const;

const limitNames: readonly (readonly [string, string])[] = [
  ['nofile', 'Max open files'],
  ['nproc', 'Max processes'],
];
const sysResource = 24n;

/** Reads {@link machineFiles}, printed one after the other; a file that couldn't be read is simply not there. Pure. */
export function readMachine(text: string): Machine {
  const capabilities = /^CapEff:\s*([0-9a-f]{16})$/m.exec(text)?.[1];
  return {
    init: /^[^\s:/]{1,15}$/.exec(text.slice(0, text.indexOf('\n')))?.[0],
    mayRaiseLimits: capabilities === undefined || ((BigInt(`0x${capabilities}`) >> sysResource) & 1n) === 1n,
    hardLimits: new Map(limitNames.flatMap(([name, label]) => hardLimit(text, name, label))),
    hasHybridControlGroups: / cgroup rw/.test(text) && /^\S+ \/sys\/fs\/cgroup\/\S+ cgroup2 /m.test(text),
  };
}

function hardLimit(text: string, name: string, label: string): [string, number][] {
  const hard = new RegExp(`^${label}\\s+\\S+\\s+(\\d+)`, 'm').exec(text)?.[1];
  return hard === undefined ? [] : [[name, Number(hard)]];
}

/** What rootful Podman gives to every container unless told otherwise. */
const podmanDefaults: readonly Ulimit[] = [
  { name: 'nofile', value: 1_048_576 },
  { name: 'nproc', value: 32_768 },
];

/**
 * Limits to name for a rootful Podman. It sets its own defaults, which a root without CAP_SYS_RESOURCE (a container, a
 * small virtual machine) may not raise to: then no container starts, also when only one of the two is named (4.3). Pure.
 */
export function ulimitsFor(machine: Machine): readonly Ulimit[] {
  if (machine.mayRaiseLimits) return [];
  return podmanDefaults.map(({ name, value }) => ({
    name,
    value: Math.min(value, machine.hardLimits.get(name) ?? value),
  }));
}
