import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { type AuthMode, hasCode } from '@stele/sdk';
import { TestAccounts } from '../accounts/testing.ts';
import type { Viewer } from '../accounts/index.ts';
import { type Database, type Owner, ownerColumns, secretBox, Software } from '../model/index.ts';
import { openTestDatabase } from '../model/testing.ts';
import { GuardedRegistries, Registries } from './index.ts';

const names: Readonly<Record<string, readonly string[]>> = {
  'r.example': ['203.0.113.5', '2606:2800:220:1::1'],
  'docker.io': ['10.0.0.1'],
  'loop.example': ['127.0.0.1'],
  'both.example': ['203.0.113.5', '::1'],
  'metadata.example': ['169.254.169.254'],
  'inside.example': ['10.1.2.3'],
  'mapped.example': ['::ffff:10.1.2.3'],
};

const resolve = async (host: string): Promise<readonly string[]> => {
  const found = names[host];
  if (found) return found;
  throw new Error(`ENOTFOUND ${host}`);
};

/** Of somebody's software, on a computing where the platform works by an account of its own. */
const refused: readonly (readonly [registry: string, why: RegExp])[] = [
  ['127.0.0.1:22', /the platform itself/],
  ['127.0.0.1', /the platform itself/],
  ['127.1:5000', /the platform itself/],
  ['2130706433:5000', /the platform itself/],
  ['0x7f.0.0.1:5000', /the platform itself/],
  ['0177.0.0.1:5000', /the platform itself/],
  ['0.0.0.0:80', /no address of a host/],
  ['1.2.3.4.5:80', /no address of a host/],
  ['169.254.169.254', /link-local/],
  ['10.0.0.9:5432', /a private address/],
  ['192.168.1.1', /a private address/],
  ['localhost:5000', /each network/],
  ['localhost:443', /each network/],
  ['LOCALHOST:80', /each network/],
  ['db:5432', /each network/],
  ['a.localhost', /each network/],
  ['host.containers.internal:22', /each network/],
  ['metadata.google.internal', /each network/],
  ['printer.local:9100', /each network/],
  ['stele.example:5432', /the platform itself/],
  ['loop.example:22', /the platform itself/],
  ['Both.Example:22', /the platform itself/],
  ['metadata.example:80', /link-local/],
  ['inside.example:22', /a private address/],
  ['mapped.example:22', /a private address/],
];

describe('registries of users’ software', () => {
  let database: Database;
  let guarded: GuardedRegistries;
  let ada: Viewer;
  let admin: Viewer;
  let group: Owner;
  const { signal } = new AbortController();
  const platform: Owner = { kind: 'platform' };

  before(async () => {
    database = await openTestDatabase();
    const accounts = new TestAccounts(database);
    [ada, admin] = [await accounts.someone(), await accounts.someone('admin')];
    group = { kind: 'group', id: (await accounts.groups.create(admin, 'Observers')).id };
    const allowed = ['10.7.7.7:5000', 'Hub.Inside.Example:443'];
    guarded = new GuardedRegistries({ database, allowed, own: 'stele.example', resolve });
  }).timeout(60_000);
  after(() => database.close());

  const own = (): Owner => ({ kind: 'user', id: ada.id });
  const occasion = (software: Owner, auth: AuthMode = 'none') => ({ software, computing: { owner: platform, auth } });
  const why = (registry: string, software = own(), viewer = ada, auth: AuthMode = 'none') =>
    guarded.refusal(viewer, occasion(software, auth), registry, signal);
  const isGuarded = (registry: string, software = own(), viewer = ada, auth: AuthMode = 'none') =>
    guarded.demand(viewer, occasion(software, auth), registry, signal);

  for (const [registry, words] of refused) {
    it(`are not ${registry}`, async () => {
      for (const software of [own(), group]) assert.match((await why(registry, software)) ?? '', words);
      const isRight = (error: unknown) => hasCode(error, 'DENIED') && error.field === 'software';
      await assert.rejects(isGuarded(registry), isRight);
    });
  }

  it('are not this machine’s other addresses', async () => {
    const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    for (const { address } of all.filter(({ family }) => family === 'IPv4'))
      assert(await why(`${address}:5000`), address);
  });

  for (const registry of ['r.example', 'r.example:5000', 'quay.example', 'localhost', '203.0.113.5:5000'])
    it(`may be ${registry}, of which not all is told`, async () => assert.equal(await isGuarded(registry), true));

  for (const registry of ['docker.io', 'index.docker.io', '10.7.7.7:5000', 'hub.inside.example'])
    it(`may be ${registry}, which the operator answers for`, async () =>
      assert.equal(await isGuarded(registry), false));

  it('may not be another port of one that is allowed', async () => assert(await why('10.7.7.7:5001')));

  it('may be anything where the platform’s people say so, or one could do it oneself', async () => {
    assert.equal(await isGuarded('127.0.0.1:22', platform), false);
    assert.equal(await isGuarded('127.0.0.1:22', { kind: 'user', id: admin.id }, admin), false);
    assert.equal(await isGuarded('127.0.0.1:22', own(), ada, 'user-keys'), false);
    assert.match((await why('127.0.0.1:22', own(), ada, 'platform-keys')) ?? '', /the platform itself/);
  });

  it('may be what the platform’s software or account names, by its port', async () => {
    const software = (registry: string, owner: Owner) =>
      ({ name: 'x', registry, image: 'a', port: 80, ...ownerColumns(owner) }) as never;
    const em = database.em();
    em.create(Software, software('10.8.8.8:5000', platform));
    em.create(Software, software('localhost', platform));
    em.create(Software, software('10.8.8.9:5000', own()));
    await em.flush();
    const registries = new Registries({
      database,
      secrets: secretBox('1f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c'),
    });
    await registries.create(admin, { registry: '10.9.9.9:5000', username: 'u', password: 'p', owner: platform });
    await registries.create(ada, { registry: '10.9.9.8:5000', username: 'u', password: 'p' });
    for (const registry of ['10.8.8.8:5000', '10.9.9.9:5000']) assert.equal(await isGuarded(registry), false, registry);
    for (const registry of ['10.8.8.8:22', '10.8.8.9:5000', '10.9.9.8:5000', 'localhost:443'])
      assert(await why(registry), registry);
  });

  it('are not looked up for whoever has left', async () => {
    const slow = new GuardedRegistries({ database, allowed: [], own: '', resolve: () => new Promise(() => undefined) });
    await assert.rejects(slow.demand(ada, occasion(own()), 'r.example', AbortSignal.abort()), { name: 'AbortError' });
  });
});
