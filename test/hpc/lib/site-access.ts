import { readFileSync } from 'node:fs';
import type { AccessTarget, Call, Host, HostService, JsonObject, RemoteAccountService } from '@stele/sdk';
import { inTime, testCall } from '@stele/sdk/testing';
import { Pool } from '../../../plugins/access/ssh/src/server/connection/pool.ts';
import { SshAccess } from '../../../plugins/access/ssh/src/server/ssh-access.ts';
import type { Site } from './site.ts';

const resource = '0197a3c0-0000-7000-8000-00000000000b';

/** The login node of a site by SSH, with a key that the site knows. One account, unless `accountOf` says otherwise. */
export class SiteAccess implements Disposable {
  readonly site: Site;
  readonly user: string;
  readonly method: SshAccess;
  /** Opens the host of any resource: all of them are the site's. */
  readonly hosts: HostService;
  readonly #pool: Pool;

  /** @param idle milliseconds that a connection stays open after its last use */
  constructor(site: Site, user = 'bob', accountOf: (call: Call) => string = () => user, idle = 5_000) {
    this.site = site;
    this.user = user;
    this.#pool = new Pool({ connectTimeout: 10_000, idleTimeout: idle, keepAlive: 5_000, connections: 4 });
    const privateKey = readFileSync(site.privateKey, 'utf8');
    const accounts: RemoteAccountService = {
      of: (_, call) => Promise.resolve({ username: accountOf(call), key: { privateKey } }),
    };
    this.method = new SshAccess(this.#pool, accounts);
    this.hosts = {
      open: ({ accessConf, auth }, call) => this.method.open(this.target(accessConf, auth), call),
    };
  }

  /** What a resource on this site says of its host, its key pinned. */
  conf(parts: JsonObject = {}): JsonObject {
    const { login: host, port, hostKey } = this.site;
    return { host, port, hostKeys: [hostKey], ...parts };
  }

  target(conf: JsonObject = this.conf(), auth: AccessTarget['auth'] = 'user-keys'): AccessTarget {
    return { resource, conf, auth };
  }

  open(call: Call = testCall({ signal: inTime(30_000) })): Promise<Host> {
    return this.method.open(this.target(), call);
  }

  [Symbol.dispose](): void {
    this.#pool[Symbol.dispose]();
  }
}
