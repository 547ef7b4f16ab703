import assert from 'node:assert/strict';
import type { ApiTokenCreated, Computing, Group, LogInLink, Software, Storage, Task, UserItem } from '@stele/sdk/api';
import { ApiClient, endCleanly, type Setting, Stage } from '../../e2e/lib/index.ts';
import { Rows } from './rows.ts';

/** Everybody who may knock, by what they are. */
export const visitors = [
  'nobody',
  'standard',
  'other',
  'member',
  'manager',
  'power',
  'admin',
  'readToken',
  'writeToken',
  'revokedToken',
  'disabled',
] as const;
export type Visitor = (typeof visitors)[number];

/** Who owns the objects that rights are tried on. */
export const owners = ['platform', 'user', 'group'] as const;
export type OwnerName = (typeof owners)[number];

/** Kinds of things that have an owner, and where the API has them. */
export const kinds = ['software', 'computing', 'storage'] as const;
export const pathOf = { software: '/software', computing: '/computing', storage: '/storages' } as const;

type Ids = Readonly<Record<OwnerName, string>>;

/** Ids of what a world holds. */
export interface Objects {
  readonly software: Ids;
  readonly computing: Ids;
  readonly storage: Ids;
  readonly group: string;
}

const people = { standard: 'standard', other: 'standard', member: 'standard', manager: 'standard', power: 'power' };

/** A platform full of people and things, to be attacked. */
export class World implements AsyncDisposable {
  readonly stage: Stage;
  readonly admin: ApiClient;
  readonly rows: Rows;
  readonly as: Readonly<Record<Visitor, ApiClient>>;
  readonly ids: ReadonlyMap<string, string>;

  private constructor(stage: Stage, rows: Rows, as: Record<Visitor, ApiClient>, ids: ReadonlyMap<string, string>) {
    this.stage = stage;
    this.admin = as.admin;
    this.rows = rows;
    this.as = as;
    this.ids = ids;
  }

  /** The world, or why there can't be one on this machine. */
  static async open(setting: Partial<Setting> = {}): Promise<World | string> {
    const stage = await Stage.open({ engine: 'podman', database: 'embedded', images: ['web-echo'], ...setting });
    if (typeof stage === 'string') return stage;
    const rows = await Rows.open(stage.platform.yard.data);
    try {
      return await World.#populated(stage, rows);
    } catch (error) {
      await rows[Symbol.asyncDispose]();
      await stage[Symbol.asyncDispose]();
      throw error;
    }
  }

  static async #populated(stage: Stage, rows: Rows): Promise<World> {
    const { platform } = stage;
    const admin = await platform.logIn();
    const ids = new Map<string, string>();
    const log = async (name: string, role: string): Promise<ApiClient> => {
      const user = await admin.must<UserItem>('POST', '/users', { email: `${name}@example.org`, name, role });
      ids.set(name, user.id);
      const { url } = await admin.must<LogInLink>('POST', `/users/${user.id}/link`);
      return ApiClient.logIn(platform.url, url);
    };
    const logged: Record<string, ApiClient> = {};
    for (const [name, role] of Object.entries({ ...people, disabled: 'standard' }))
      logged[name] = await log(name, role);
    const standard = logged.standard as ApiClient;
    const token = (name: string, scope: string): Promise<ApiTokenCreated> =>
      standard.must<ApiTokenCreated>('POST', '/tokens', { name, scope });
    const [read, write, revoked] = [await token('r', 'read'), await token('w', 'write'), await token('x', 'write')];
    await standard.must('DELETE', `/tokens/${revoked.token.id}`);
    await admin.must('PATCH', `/users/${ids.get('disabled')}`, { isDisabled: true });
    const bearer = ({ secret }: ApiTokenCreated): ApiClient => ApiClient.byToken(platform.url, secret);
    const tokens = { readToken: bearer(read), writeToken: bearer(write), revokedToken: bearer(revoked) };
    const as = { ...logged, ...tokens, admin, nobody: ApiClient.stranger(platform.url) };
    return new World(stage, rows, as as Record<Visitor, ApiClient>, ids);
  }

  get url(): string {
    return this.stage.platform.url;
  }

  get port(): number {
    return this.stage.platform.port;
  }

  /** One object of each kind for each owner; the group has a member and a manager. */
  async furnish(): Promise<Objects> {
    const group = await this.admin.must<Group>('POST', '/groups', { name: 'Observers' });
    for (const role of ['member', 'manager'])
      await this.admin.must('PUT', `/groups/${group.id}/members/${this.id(role)}`, { role });
    const owned = { user: { kind: 'user', id: this.id('standard') }, group: { kind: 'group', id: group.id } };
    const each = async (make: (owner: unknown, name: OwnerName) => Promise<{ id: string }>): Promise<Ids> => ({
      platform: (await make({ kind: 'platform' }, 'platform')).id,
      user: (await make(owned.user, 'user')).id,
      group: (await make(owned.group, 'group')).id,
    });
    const { image, registry, tag, flags } = await this.admin.software('Echo');
    const secret = { conf: { base: `${this.stage.platform.yard.data}/trees/$USER`, createBase: true } };
    return {
      group: group.id,
      software: await each((owner, name) =>
        this.admin.must<Software>('POST', '/software', {
          name: `soft ${name}`,
          image,
          registry,
          tag,
          flags,
          port: 8080,
          owner,
        }),
      ),
      computing: await each((owner, name) =>
        this.admin.must<Computing>('POST', '/computing', {
          name: `comp ${name}`,
          driver: 'standalone',
          owner,
          conf: { grace: 1 },
        }),
      ),
      storage: await each((owner, name) =>
        this.admin.must<Storage>('POST', '/storages', { name: `stor ${name}`, backend: 'posix', owner, ...secret }),
      ),
    };
  }

  /** Does something that must leave the database as it was. */
  async untouched(what: string, work: () => Promise<void>): Promise<void> {
    const before = await this.rows.state();
    await work();
    assert.deepEqual(await this.rows.state(), before, `${what} changed something`);
  }

  id(name: string): string {
    const id = this.ids.get(name);
    assert(id, `there is no “${name}”`);
    return id;
  }

  /** A fresh session of somebody. */
  async logIn(name: string): Promise<ApiClient> {
    const { url } = await this.admin.must<LogInLink>('POST', `/users/${this.id(name)}/link`);
    return ApiClient.logIn(this.url, url);
  }

  /** Launches the echo and waits for it. */
  async echo(client: ApiClient): Promise<Task> {
    return client.ready((await client.launch('Echo')).id);
  }

  /** Ends everything and demands that nothing is left. */
  async end(...launchers: ApiClient[]): Promise<void> {
    await this.rows[Symbol.asyncDispose]();
    await endCleanly(this.stage.platform, launchers, this.stage.engine);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rows[Symbol.asyncDispose]();
    await this.stage[Symbol.asyncDispose]();
  }
}
