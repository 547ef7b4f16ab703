import {
  type AccessMethod,
  type AuthMode,
  type Call,
  type ComputingDriver,
  type Host,
  type JsonObject,
  type RemoteAccountService,
  SteleError,
} from '@stele/sdk';
import type { Viewer } from '../accounts/index.ts';
import { Computings, type NoteHealth } from '../computing/index.ts';
import { EventBus } from '../events.ts';
import { Computing, type Database, ownerColumns, secretBox } from '../model/index.ts';
import { testLog } from '../model/testing.ts';
import { OwnedStore } from '../owned/index.ts';
import { registryOf } from '../tasks/testing.ts';
import type { KeyPairs } from './key-pairs.ts';

export const testBox = secretBox('0b822c9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b');

/** A call in somebody's name; of the platform itself for nobody. */
export const callOf = (viewer?: Viewer): Call => ({
  who: viewer ? ({ kind: 'user', id: viewer.id, name: viewer.username } as const) : ({ kind: 'platform' } as const),
  signal: new AbortController().signal,
  log: testLog,
});

const hostKeys = { type: 'array', items: { type: 'string', pattern: '^ssh-ed25519 [A-Za-z0-9]+$' }, default: [] };

/**
 * An access method whose hosts let in whom they are told to: by user name, to the private halves that it takes. It shows
 * its own key where none is pinned.
 */
export class Doorman {
  readonly lets = new Map<string, Set<string>>();
  /** Who came, and whether as a user of which resource. */
  readonly seen: { readonly resource: string; readonly name: string }[] = [];
  isUp = true;
  isUpForTrials = true;
  /** Whether it shows another key than the one that is pinned. */
  isAnother = false;
  readonly #accounts: RemoteAccountService;

  constructor(accounts: RemoteAccountService) {
    this.#accounts = accounts;
  }

  readonly method: AccessMethod = {
    title: 'Far',
    auth: ['user-keys', 'platform-keys'],
    conf: { type: 'object', properties: { hostKeys }, additionalProperties: false },
    open: async ({ resource, auth, conf }, call) => {
      if (!this.isUp || (call.isTrial && !this.isUpForTrials))
        throw new SteleError('UNREACHABLE', 'Nothing answers there.');
      if (!(conf.hostKeys as string[] | undefined)?.length) {
        throw new SteleError('INVALID', 'Its key is not known: SHA256:x.', {
          field: 'accessConf.hostKeys',
          raw: 'ssh-ed25519 AAAA',
        });
      }
      if (this.isAnother) throw new SteleError('DENIED', 'Another key.', { field: 'accessConf.hostKeys' });
      const { username, key, previous } = await this.#accounts.of({ resource, auth }, call);
      const name = username ?? (call.who.kind === 'user' ? call.who.name : 'stele');
      this.seen.push({ resource, name });
      const taken = this.lets.get(name) ?? new Set();
      if (![key, previous].some((one) => one && taken.has(one.privateKey))) {
        throw new SteleError('DENIED', `The host does not let “${name}” in.`);
      }
      return { name: 'far', user: name, [Symbol.asyncDispose]: async () => undefined } as unknown as Host;
    },
  };

  /** A driver that looks whether it gets in. */
  readonly driver = {
    title: 'Far',
    kind: 'cluster',
    accepts: [{ access: 'far', auth: ['user-keys', 'platform-keys'] }],
    conf: { type: 'object' },
    describe: async (resource, call) => {
      const { id, auth, accessConf } = resource;
      await using host = await this.method.open({ resource: id, auth, conf: accessConf }, call);
      const facts = [{ label: 'Account', value: host.user }];
      return { architectures: [], emulated: [], engines: [], facts, detail: {} };
    },
  } as Partial<ComputingDriver> as ComputingDriver;
}

/** Computing resources behind a doorman. */
export function computingsBehind(
  database: Database,
  doorman: Doorman,
  notes: (string | undefined)[] = [],
  keys?: KeyPairs,
): Computings {
  const store = new OwnedStore(database, Computing, 'computing', new EventBus());
  const note: NoteHealth = async (_id, fault) => void notes.push(fault?.reason);
  const [drivers, methods] = [registryOf({ far: doorman.driver }), registryOf({ far: doorman.method })];
  const isReplaced = async (): Promise<boolean> => (await keys?.previous('platform')) !== undefined;
  return new Computings(store, drivers, methods, testBox, note, isReplaced);
}

interface FarParts {
  readonly auth?: AuthMode;
  readonly isPinned?: boolean;
  readonly owner?: Viewer;
  readonly conf?: JsonObject;
}

/** A resource of the platform that is reached that way, its key pinned unless said otherwise. */
export async function farComputing(
  database: Database,
  { auth = 'user-keys', isPinned = true, owner, conf = {} }: FarParts = {},
): Promise<Computing> {
  const em = database.em();
  const computing = em.create(Computing, {
    name: 'Far',
    driver: 'far',
    access: 'far',
    auth,
    conf,
    accessConf: isPinned ? { hostKeys: ['ssh-ed25519 BBBB'] } : {},
    ...ownerColumns(owner ? { kind: 'user', id: owner.id } : { kind: 'platform' }),
  } as never);
  await em.persist(computing as object).flush();
  return computing;
}
