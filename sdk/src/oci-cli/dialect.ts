import type { EngineStatus } from '../engine.ts';
import type { FailureRule } from '../oci/failures.ts';
import type { ImageRef } from '../resources.ts';
import type { Cli } from './cli.ts';
import type { GpuStyle } from './gpus.ts';
import type { ContainerNetwork } from './network.ts';

/** A limit that processes of a container get (`--ulimit`). */
export interface Ulimit {
  /** Name as `ulimit` options know it, e.g. `nofile`. */
  readonly name: string;
  /** Soft and hard limit. */
  readonly value: number;
}

/** What a host demands of every container that is made on it. */
export interface HostTraits {
  /** Arguments before the subcommand, e.g. `--cgroup-manager cgroupfs`. */
  readonly globalArguments: readonly string[];
  /** OCI runtime for containers that ask for none. Absent: the engine's own default works. */
  readonly runtime?: string;
  /** Limits to name because the engine's own default can't be set here. */
  readonly ulimits: readonly Ulimit[];
  /** Whether an init process can be put in front of the container's own. */
  readonly init: boolean;
  /** Whether memory, CPU and process limits are enforced. */
  readonly limits: boolean;
  /** Whether SELinux keeps containers from folders that are not labelled for them. */
  readonly selinux: boolean;
  /** What keeps containers from each other. Absent: the engine's default network, in which they may meet. */
  readonly network?: ContainerNetwork;
}

/** Traits of a host about which nothing is known: plain defaults of the engine. */
export const plainTraits: HostTraits = {
  globalArguments: [],
  ulimits: [],
  init: true,
  limits: true,
  selinux: false,
};

/** What a look at a host and its engine tells. */
export interface Survey {
  /** The answer for people and forms. */
  readonly status: EngineStatus;
  /** What containers need there. */
  readonly traits: HostTraits;
}

/** Everything in which one docker-like command line differs from the next. */
export interface Dialect {
  /** Id of the engine, e.g. `podman`. */
  readonly id: string;
  /** For people, e.g. `Podman`. */
  readonly title: string;
  /** Program and arguments before the subcommand. */
  readonly command: readonly string[];
  /** What to do where the program is missing, e.g. `Install the package “podman”.` */
  readonly remedy: string;
  /** Go template that prints one line of JSON for a container, as {@link parseContainers} reads it. */
  readonly inspectFormat: string;
  /** Label that keeps the digest of a container's image, where the engine doesn't keep it with the container. */
  readonly digestLabel?: string;
  /** Options of `create` that bound a container's log. */
  readonly logArguments: readonly string[];
  /**
   * What jobs say besides, where the engine can keep a container within the limits of the job that runs it: arguments
   * before the subcommand, and options of `run`.
   */
  readonly job?: { readonly global: readonly string[]; readonly run: readonly string[] };
  /** How it is told of NVIDIA's GPUs. Default `cdi`. */
  readonly gpuStyle?: GpuStyle;
  /** Options of `rm` besides `--force --volumes`. */
  readonly removeArguments: readonly string[];
  /**
   * Present where containers may have networks of their own ({@link ContainerNetwork}, `own`), with the options of
   * `network rm` that make it content with a network that isn't there.
   */
  readonly ownNetworks?: { readonly removeArguments: readonly string[] };
  /** Options of `pull` for an image, e.g. for registries without TLS. */
  pullArguments(image: ImageRef): readonly string[];
  /** Where the credentials in `folder`/config.json are named: before the subcommand, or after `pull`. */
  authArguments(folder: string): { readonly global: readonly string[]; readonly pull: readonly string[] };
  /** Whether `OOMKilled` can be believed when it is false; else the kernel's log is asked. */
  readonly knowsOutOfMemory: boolean;
  /** Runtimes that the engine can work with at all. */
  readonly runtimes: readonly string[];
  /** Messages that only this engine writes; looked at before the common ones. */
  readonly failures: readonly FailureRule[];
  /** Looks at the engine and the host below it. */
  survey(cli: Cli, signal: AbortSignal): Promise<Survey>;
}
