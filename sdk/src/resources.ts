import type { AuthMode } from './access.ts';
import type { JsonObject } from './json.ts';

/** CPU architectures by their OCI names. */
export const architectures = ['amd64', 'arm64', 'arm/v7', 'ppc64le', 's390x', 'riscv64', '386'] as const;

/** CPU architecture by its OCI name. */
export type Architecture = (typeof architectures)[number];

/** An engine that a resource offers. */
export interface EngineChoice {
  /** Id in {@link ContainerEngines}, e.g. `podman`. */
  readonly id: string;
  /** OCI runtimes that may be chosen, e.g. `runc`, `crun`. Empty: the engine's own default alone. */
  readonly runtimes: readonly string[];
}

/** What a driver sees of a computing resource. */
export interface ComputingResource {
  /** UUID. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Id in {@link ComputingDrivers}. */
  readonly driver: string;
  /** Id in {@link AccessMethods}, or `api` where the driver speaks its own. */
  readonly access: string;
  /** With whose credentials. */
  readonly auth: AuthMode;
  /** Settings of the access method (host, port, …). Those that its schema marks `x-secret` are plain here, and go nowhere else. */
  readonly accessConf: JsonObject;
  /** Settings of the driver, valid by {@link ComputingDriver.conf}; secrets among them as above. */
  readonly conf: JsonObject;
  /** Engines that tasks may run in, best first. Empty: the driver finds out. */
  readonly engines: readonly EngineChoice[];
}

/** What a backend sees of a storage resource. */
export interface StorageResource {
  /** UUID. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Id in {@link StorageBackends}. */
  readonly backend: string;
  /** Id in {@link AccessMethods}, or `api` where the backend speaks its own. */
  readonly access: string;
  /** With whose credentials. */
  readonly auth: AuthMode;
  /** Settings of the access method, its secrets among them. */
  readonly accessConf: JsonObject;
  /** Settings of the backend, valid by {@link StorageBackend.conf}, its secrets among them. */
  readonly conf: JsonObject;
  /** Whether tasks and users may only read. */
  readonly readOnly: boolean;
  /** UUID of the computing resource that it is reached through; `access`, `auth` and `accessConf` are then that one's. */
  readonly through?: string;
  /**
   * Where it works with the platform's own rights: folders of such hosts that it must neither lie in nor show, since they hold
   * what belongs to the platform or to everybody's tasks. Absolute; `$USER` is the account's name.
   */
  readonly apart?: readonly string[];
}

/** A folder of the resource that a container sees. */
export interface Bind {
  /** Absolute path on the resource. */
  readonly source: string;
  /** Absolute path in the container. */
  readonly target: string;
  /** Whether the container may only read. */
  readonly readOnly: boolean;
}

/** An image, by parts that were checked by the OCI grammar. */
export interface ImageRef {
  /** Registry host with optional port, e.g. `docker.io`, `localhost`. */
  readonly registry: string;
  /** Repository, e.g. `library/debian`. */
  readonly repository: string;
  /** Tag. Default `latest` when there is no digest. */
  readonly tag?: string;
  /** `sha256:…`; wins over the tag. */
  readonly digest?: string;
}

/** User name and password or token for a registry. */
export interface RegistryCredentials {
  /** User name. */
  readonly username: string;
  /** Password or token. */
  readonly password: string;
}
