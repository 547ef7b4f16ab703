import type { AccessMethod, AccessTarget, Call, Host, RemoteAccountService } from '@stele/sdk';
import { confOf, confSchema } from './conf.ts';
import { usableKeys } from './connection/log-in.ts';
import type { Pool } from './connection/pool.ts';
import { ReadableKeys } from './connection/readable-keys.ts';
import { check, invalid } from './errors.ts';
import { SshHost } from './ssh-host.ts';

/** Hosts that are reached by SSH, with keys alone. */
export class SshAccess implements AccessMethod {
  readonly title = 'SSH';
  readonly auth = ['user-keys', 'platform-keys'] as const;
  readonly conf = confSchema;
  readonly #pool: Pool;
  readonly #accounts: RemoteAccountService;
  readonly #readable = new ReadableKeys();

  constructor(pool: Pool, accounts: RemoteAccountService) {
    this.#pool = pool;
    this.#accounts = accounts;
  }

  async open(target: AccessTarget, call: Call): Promise<Host> {
    check(call.signal);
    if (target.auth !== 'user-keys' && target.auth !== 'platform-keys')
      throw invalid('auth', 'SSH needs keys: choose those of the users, or those of the platform.');
    const account = await this.#accounts.of(target, call);
    const keys = usableKeys(account, this.#readable);
    const conf = confOf(target.conf, account.username, call.who.kind === 'user' ? call.who.name : undefined);
    // A connection that is there already says nothing of what its key is worth today.
    const isApart = call.isTrial === true;
    const owner = target.auth === 'user-keys' && call.who.kind === 'user' ? call.who.id : '';
    return SshHost.open(this.#pool, conf, { keys, owner, isApart }, call.signal);
  }
}
