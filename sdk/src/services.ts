import type { Duplex } from 'node:stream';
import type { AccessTarget, AuthMode, Host } from './access.ts';
import type { TcpAddress } from './address.ts';
import type { Call } from './call.ts';
import type { ContainerEngine } from './engine.ts';
import type { Json, JsonObject } from './json.ts';
import type { Registry } from './token.ts';
import { token } from './token.ts';

/** What {@link HostService.open} needs of a computing or storage resource. */
export interface HostTarget {
  /** UUID of the resource. */
  readonly id: string;
  /** Id in {@link AccessMethods}. */
  readonly access: string;
  /** With whose credentials. */
  readonly auth: AuthMode;
  /** Settings of the access method. */
  readonly accessConf: JsonObject;
  /** UUID of the computing resource whose host this is, for a storage that is reached through one: both are one target. */
  readonly through?: string;
}

/** Opens hosts through whichever access method a resource names. */
export interface HostService {
  /**
   * Leases the host behind a resource.
   * @throws UNSUPPORTED when no active plugin offers the method; else as {@link AccessMethod.open}
   */
  open(target: HostTarget, call: Call): Promise<Host>;
}

/** The core's {@link HostService}. */
export const Hosts = token<HostService>('core.hosts');

/** Choices of {@link DirectDialService.dial}. */
export interface DirectDialOptions {
  /**
   * Networks that the address has to lie in, e.g. `10.20.0.0/16`, once its name is resolved. Own addresses of the platform are
   * refused then, whatever the networks say. Absent: the operator named the address; only what is no host at all is refused.
   */
  readonly networks?: readonly string[];
  /**
   * Networks in which the address may lie beside public ones: private addresses, those of the loopback and the platform's own
   * are refused outside of them, and words of refusal don't tell what a name stands for. For hosts that were named by somebody
   * who is no administrator ({@link AccessTarget.isGuarded}). In place of `networks`.
   */
  readonly publicOr?: readonly string[];
}

/**
 * Connects from the platform's own process, for drivers and accesses that reach tasks or APIs on a private network. A name is
 * resolved once, and what it stands for is what is checked and dialled. Link-local addresses, those of metadata services among
 * them, multicast and unspecified ones are always refused.
 */
export interface DirectDialService {
  /** @throws DENIED for an address that is refused, UNREACHABLE when nothing answers there, INVALID for what is no network */
  dial(address: TcpAddress, options: DirectDialOptions, signal: AbortSignal): Promise<Duplex>;
  /**
   * The addresses of a host that may be dialled, for whoever opens the connection by themselves: to these, not to the name.
   * @param host a name, or an address
   * @throws as {@link DirectDialService.dial}
   */
  addressesOf(host: string, options: DirectDialOptions, signal: AbortSignal): Promise<readonly string[]>;
}

/** The core's {@link DirectDialService}. */
export const DirectDial = token<DirectDialService>('core.direct-dial');

/** The container engines of all active plugins. */
export const Engines = token<Registry<ContainerEngine>>('core.engines');

/** A small persistent map that belongs to one plugin. Survives restarts and being disabled. */
export interface PluginStore {
  /** The value, or `undefined`. */
  get(key: string): Promise<Json | undefined>;
  /** Sets a value of at most 64 KiB. Keys have 1–200 characters. */
  set(key: string, value: Json): Promise<void>;
  /** Removes a value. Idempotent. */
  delete(key: string): Promise<void>;
}

/** The {@link PluginStore} of the plugin that asks. */
export const Store = token<PluginStore>('core.store');

/** A key to log in to hosts with. */
export interface LoginKey {
  /** Private half, in OpenSSH's format, without a passphrase. Secret. */
  readonly privateKey: string;
  /** OpenSSH certificate for it, as one line, where its owner has one. */
  readonly certificate?: string;
}

/** Who somebody is on a resource's host, and how that is proved. */
export interface RemoteAccount {
  /** Name of the account there. Absent: nobody said; the resource's own settings, or the host's default, decide. */
  readonly username?: string;
  /** What to log in with. */
  readonly key: LoginKey;
  /**
   * The key before it, to try where the host does not take {@link RemoteAccount.key} yet. There from a rotation until its
   * owner says that the new one is known everywhere.
   */
  readonly previous?: LoginKey;
}

/** Accounts and keys that users (`user-keys`) and the platform (`platform-keys`) have for hosts. */
export interface RemoteAccountService {
  /**
   * The account that `call.who` acts with on a resource.
   * @throws DENIED, with what to do on the account page, when there is none yet or it is incomplete; UNSUPPORTED (field `auth`)
   * for credentials that are no keys
   */
  of(target: Pick<AccessTarget, 'resource' | 'auth'>, call: Call): Promise<RemoteAccount>;
}

/** The core's {@link RemoteAccountService}. */
export const RemoteAccounts = token<RemoteAccountService>('core.remote-accounts');

/** Credentials that are no keys, as drivers and backends describe them: tokens (`user-token`, `platform-token`). */
export interface CredentialService {
  /**
   * What `call.who`, or the platform, proves itself with on a resource: values of the `credentials` schema of its driver or
   * backend. Secret, all of them.
   * @throws DENIED, with what to do on the account page, when there are none, or the resource is at another address since
   * they were given; UNSUPPORTED (field `auth`) for credentials of another mode
   */
  of(target: { readonly id: string; readonly auth: AuthMode }, call: Call): Promise<JsonObject>;
}

/** The core's {@link CredentialService}. */
export const Credentials = token<CredentialService>('core.credentials');

/** What travels to a compute node with a job: one POSIX `sh` program. */
export interface AgentProgram {
  /** Its text. */
  readonly text: string;
  /** Changes whenever the text does: the first 12 hex digits of its SHA-256. */
  readonly version: string;
}

/** The platform's {@link AgentProgram}. */
export const Agent = token<AgentProgram>('core.agent');
