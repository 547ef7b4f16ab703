import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { registryName, SteleError, unlessAborted } from '@stele/sdk';
import { hasRole, type Viewer } from '../accounts/index.ts';
import type { Database } from '../model/index.ts';
import { whyNotPublic } from '../network/index.ts';
import type { Occasion } from './choice.ts';
import { hostOf, inwardness } from './whereabouts.ts';

/** What registries of users' software are judged with. */
export interface GuardedRegistriesParts {
  readonly database: Database;
  /** Those that the operator lets users name, wherever they are. */
  readonly allowed: readonly string[];
  /** The platform's own host, by its public name. */
  readonly own: string;
  /** The addresses of a name. Default: as the system says. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

/** How a registry is taken; `why` says what it is, as it follows “is”. */
type Standing = { readonly kind: 'open' | 'guarded' } | { readonly kind: 'refused'; readonly why: string };

/** Milliseconds that a name may take to be looked up. */
const patience = 3_000;

const isOurs = `select exists (
    select 1 from software
    where (owner_kind = 'platform' or declared_as is not null) and regexp_replace(lower(registry), ':443$', '') = ?
  ) or exists (select 1 from registry_credentials where owner_kind = 'platform' and registry = ?) as is_ours`;

/**
 * Knows of registries whether somebody's software may be fetched from there. An engine connects to whatever a software names, from the host
 * that it runs on and as that host's operator, so users would see by it what listens there and in its network.
 */
export class GuardedRegistries {
  readonly #database: Database;
  readonly #allowed: ReadonlySet<string>;
  readonly #own: string;
  readonly #resolve: (host: string) => Promise<readonly string[]>;

  constructor({ database, allowed, own, resolve = resolveBySystem }: GuardedRegistriesParts) {
    this.#database = database;
    // Docker's own leads where whoever looks after the host has it lead, a mirror of theirs among that.
    this.#allowed = new Set(['docker.io', ...allowed.map(registryName)]);
    this.#own = own;
    this.#resolve = resolve;
  }

  /**
   * For a launch.
   * @returns whether a user named it, so that it may lead anywhere: nobody is told more of it than whether it has the image
   * @throws DENIED (field `software`) for one that leads where users are not let
   */
  async demand(viewer: Viewer, occasion: Occasion, registry: string, signal: AbortSignal): Promise<boolean> {
    const standing = await this.#standing(viewer, occasion, registry, signal);
    if (standing.kind !== 'refused') return standing.kind === 'guarded';
    throw new SteleError('DENIED', wordsOf(registry, standing.why), { field: 'software' });
  }

  /** Why a launch would be refused, for people who choose. */
  async refusal(
    viewer: Viewer,
    occasion: Occasion,
    registry: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const standing = await this.#standing(viewer, occasion, registry, signal);
    return standing.kind === 'refused' ? wordsOf(registry, standing.why) : undefined;
  }

  async #standing(viewer: Viewer, occasion: Occasion, registry: string, signal: AbortSignal): Promise<Standing> {
    if (isTrusted(viewer, occasion)) return { kind: 'open' };
    // No registry: images of that name were built where they are, and engines fetch none.
    if (registry.toLowerCase() === 'localhost') return { kind: 'guarded' };
    const name = registryName(registry);
    if (this.#allowed.has(name) || (await this.#isOurs(name))) return { kind: 'open' };
    const why = await this.#whyNot(name, signal);
    return why === undefined ? { kind: 'guarded' } : { kind: 'refused', why };
  }

  /** Whether the platform's people have named it themselves. `localhost` with a port was named by nobody who left out the port. */
  async #isOurs(name: string): Promise<boolean> {
    if (name === 'localhost') return false;
    const [row] = await this.#database.orm.em.getConnection().execute<{ is_ours: boolean }[]>(isOurs, [name, name]);
    return row?.is_ours === true;
  }

  async #whyNot(registry: string, signal: AbortSignal): Promise<string | undefined> {
    const host = hostOf(registry);
    if (host === undefined) return 'no address of a host';
    if (host === this.#own) return 'the platform itself';
    const told = inwardness(host);
    if (told !== undefined || isIP(host) !== 0) return told;
    // The engine may take any of them.
    return (await this.#addresses(host, signal)).map(whyNotPublic).find((why) => why !== undefined);
  }

  /** None where the name isn't known here: the engine may know it, or have the image already. */
  async #addresses(host: string, signal: AbortSignal): Promise<readonly string[]> {
    try {
      return await unlessAborted(this.#resolve(host), AbortSignal.any([signal, AbortSignal.timeout(patience)]));
    } catch {
      signal.throwIfAborted();
      return [];
    }
  }
}

/** Whether they could have it fetched without the platform, or look after the platform anyway. */
function isTrusted(viewer: Viewer, { software, computing }: Occasion): boolean {
  return software.kind === 'platform' || hasRole(viewer, 'admin') || computing.auth.startsWith('user-');
}

async function resolveBySystem(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

function wordsOf(registry: string, why: string): string {
  const rule = 'users’ software is fetched from public registries, and from those that the operator allows';
  return `“${registry}” is ${why}: ${rule}. Ask an administrator to name it in the site file, under “userRegistries”.`;
}
