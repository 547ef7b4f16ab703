import type { AccessMethod, AccessTarget, Call, Host, RemoteAccountService } from '@stele/sdk';
import { type Conf, confOf, confSchema } from './conf.ts';
import { usableKeys } from './connection/log-in.ts';
import type { Pool } from './connection/pool.ts';
import { ReadableKeys } from './connection/readable-keys.ts';
import { check, invalid } from './errors.ts';
import { guarded } from './route.ts';
import { SshHost } from './ssh-host.ts';

/** Hosts that are reached by SSH, with keys alone. */
export class SshAccess implements AccessMethod {
  readonly title = 'SSH';
  readonly auth = ['user-keys', 'platform-keys'] as const;
  readonly conf = confSchema;
  readonly #pool: Pool;
  readonly #accounts: RemoteAccountService;
  readonly #readable = new ReadableKeys();

  readonly #userNetworks: readonly string[];

  /** @param userNetworks where hosts may be, beside public addresses, that no administrator has named */
  constructor(pool: Pool, accounts: RemoteAccountService, userNetworks: readonly string[] = []) {
    this.#pool = pool;
    this.#accounts = accounts;
    this.#userNetworks = userNetworks;
  }

  async open(target: AccessTarget, call: Call): Promise<Host> {
    check(call.signal);
    if (target.auth !== 'user-keys' && target.auth !== 'platform-keys')
      throw invalid('auth', 'SSH needs keys: choose those of the users, or those of the platform.');
    const account = await this.#accounts.of(target, call);
    const keys = usableKeys(account, this.#readable);
    const conf = this.#guarded(
      target,
      confOf(target.conf, account.username, call.who.kind === 'user' ? call.who.name : undefined),
    );
    // A connection that is there already says nothing of what its key is worth today.
    const isApart = call.isTrial === true;
    const owner = target.auth === 'user-keys' && call.who.kind === 'user' ? call.who.id : '';
    return SshHost.open(this.#pool, conf, { keys, owner, isApart }, call.signal);
  }

  #guarded({ isGuarded }: AccessTarget, conf: Conf): Conf {
    return isGuarded ? { ...conf, route: guarded(conf.route, this.#userNetworks) } : conf;
  }
}
