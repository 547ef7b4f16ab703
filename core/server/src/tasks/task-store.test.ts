import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { EventBus } from '../events.ts';
import { type Database, Task } from '../model/index.ts';
import { openTestDatabase } from '../model/testing.ts';
import { TaskStore } from './task-store.ts';
import { makeScene, registryOf } from './testing.ts';

describe('tasks in the database', () => {
  let database: Database;
  let scene: Awaited<ReturnType<typeof makeScene>>;
  let store: TaskStore;
  const told: string[] = [];

  before(async () => {
    database = await openTestDatabase();
    scene = await makeScene(database);
    const bus = new EventBus();
    bus.listen(({ name }) => told.push(name));
    store = new TaskStore(database, bus, registryOf({}));
  });
  after(() => database.close());

  const wish = (key: string, computing = scene.computing.id) =>
    ({
      key,
      name: 'T',
      owner: scene.user.id,
      softwareName: 'S',
      computing,
      computingName: 'There',
      launch: {
        image: { registry: 'localhost', repository: 's', tag: '1' },
        interface: { port: 80, protocol: 'http', transport: 'tcp' },
      },
    }) as never;

  it('are one when two launches with one key come at once', async () => {
    const rows = await Promise.all(Array.from({ length: 5 }, () => store.insert(wish('samekey000000001'))));
    assert.equal(new Set(rows.map(({ id }) => id)).size, 1);
    assert.deepEqual(
      rows.map(({ owner }) => owner.username),
      rows.map(() => 'a'),
    );
    assert.deepEqual([await database.em().count(Task), told], [1, ['task']]);
  });

  it('are refused on a resource that was removed meanwhile', async () => {
    await assert.rejects(store.insert(wish('samekey000000002', randomUUID())), { code: 'CONFLICT' });
  });
});
