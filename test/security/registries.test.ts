import assert from 'node:assert/strict';
import type { LaunchOptions, Software } from '@stele/sdk/api';
import { type ApiClient, type Problem, skip } from '../e2e/lib/index.ts';
import { type Objects, World } from './lib/world.ts';

describe('what listens inside', function () {
  this.timeout(60_000);
  let world: World;
  let objects: Objects;

  before(async function () {
    this.timeout(600_000);
    const opened = await World.open();
    if (typeof opened === 'string') return skip(this, opened);
    world = opened;
    objects = await world.furnish();
  });

  after(async () => world?.[Symbol.asyncDispose]());

  const soft = { name: 'Knocks', image: 'a/b', port: 80 };
  const wish = (software: string) => ({ software, computing: objects.computing.platform });

  const refused = async (client: ApiClient, software: string): Promise<void> => {
    for (const path of ['/tasks', '/tasks/preview']) {
      const { status, body } = await client.post<Problem>(path, wish(software));
      assert.deepEqual([status, body.code, body.field], [403, 'DENIED', 'software'], JSON.stringify(body));
    }
    const path = `/computing/${objects.computing.platform}/options?software=${software}`;
    const { fits, reason } = await client.must<LaunchOptions>('GET', path);
    assert.equal(fits, false);
    assert.match(reason ?? '', /userRegistries/);
  };

  it('is not seen by the registry of users’ software', async () => {
    const { standard, power, manager } = world.as;
    const group = { owner: { kind: 'group', id: objects.group } };
    const { hostname } = new URL(world.url);
    for (const host of ['127.0.0.1', '127.1', 'localhost', hostname, '169.254.169.254'])
      for (const [client, more] of [
        [standard, {}],
        [power, {}],
        [manager, group],
      ] as const) {
        const registry = `${host}:${world.port}`;
        const { id } = await client.must<Software>('POST', '/software', { ...soft, registry, ...more });
        await world.untouched(registry, () => refused(client, id));
        await client.must('DELETE', `/software/${id}`);
      }
  });

  it('is fetched from where the platform’s software says so, also by a copy of it', async () => {
    const { admin } = world;
    const { standard } = world.as;
    const named = { ...soft, registry: '127.0.0.1:1' };
    const mine = await standard.must<Software>('POST', '/software', named);
    await refused(standard, mine.id);
    const theirs = await admin.must<Software>('POST', '/software', { ...named, owner: { kind: 'platform' } });
    const copy = await standard.must<Software>('POST', `/software/${theirs.id}/duplicate`);
    for (const { id } of [mine, theirs, copy])
      assert.equal((await standard.post('/tasks/preview', wish(id))).status, 200);
    await admin.must('DELETE', `/software/${theirs.id}`);
    await refused(standard, copy.id);
    for (const { id } of [mine, copy]) await standard.must('DELETE', `/software/${id}`);
  });

  it('is not knocked at for an image that only its own machine has', async () => {
    const { standard } = world.as;
    const nowhere = { ...soft, registry: 'localhost', image: 'stele/not-there' };
    const { id } = await standard.must<Software>('POST', '/software', nowhere);
    const { id: task } = await standard.must<{ id: string }>('POST', '/tasks', wish(id));
    const { outcome, reason, detail } = await standard.ended(task);
    assert.deepEqual([outcome, detail], ['rejected', 'NOT_FOUND']);
    assert.match(reason ?? '', /no such image.*on the machine that built it/);
    await standard.must('DELETE', `/tasks/${task}`);
    await standard.must('DELETE', `/software/${id}`);
  });

  describe('and the platform', () => {
    it('ends with nothing left', () => world.end(world.as.standard));
  });
});
