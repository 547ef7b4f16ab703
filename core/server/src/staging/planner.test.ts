import assert from 'node:assert/strict';
import { rejectsWith, testCall } from '@stele/sdk/testing';
import type { Viewer } from '../accounts/index.ts';
import type { Computings } from '../computing/index.ts';
import type { Computing } from '../model/index.ts';
import type { Mount, Storages } from '../storage/index.ts';
import { distinctly, nameInPath, StagingPlanner } from './planner.ts';
import { storagesOf, treeWith } from './testing/index.ts';

const ada: Viewer = { id: 'u', username: 'ada', role: 'standard', groups: [] };

describe('a plan of staging', () => {
  it('has the task’s folder in what it mounts, and mounts nothing below what tasks may write to', async () => {
    const store = { get: async (_viewer: unknown, id: string) => ({ id, name: 'Bucket', readOnly: false }) };
    const bucket = await treeWith({ 'data/a': 'one' });
    const planner = new StagingPlanner({ ...storagesOf({ bucket }), store } as unknown as Storages, keepers);
    const mount = (id: string, readOnly: boolean): Mount => ({
      storage: { id, name: id },
      bind: { source: `/srv/${id}/ada`, target: `/storage/${id}`, readOnly },
      isShared: id === 'ours',
    });
    const task = {
      key: 'k'.repeat(16),
      name: 'Echo',
      computing,
      mounts: [mount('books', true), mount('ours', false), mount('mine', false)],
    };
    const wish = { in: [{ storage: 'bucket', path: 'data' }] };
    const plan = await planner.plan(ada, wish, task, testCall());
    assert.deepEqual(plan, {
      target: `/storage/mine/stele-tasks/${task.key}`,
      workspace: { storage: 'mine', storageName: 'mine', path: `stele-tasks/${task.key}` },
      in: [{ storage: 'bucket', storageName: 'Bucket', path: 'data', as: 'data' }],
    });
    // Where it mounts nothing to copy to, the resource may keep a folder with it.
    const alone = await planner.plan(ada, wish, { ...task, mounts: [mount('books', true)] }, testCall());
    const shared = await planner.plan(ada, wish, { ...task, mounts: [mount('ours', false)] }, testCall());
    assert.equal(shared?.target, '/stage');
    const elsewhere = { ...task, computing: { id: 'p', driver: 'plain' } as Computing };
    const others = { ...elsewhere, mounts: [mount('ours', false)] };
    const { field } = await rejectsWith('INVALID', planner.plan(ada, wish, others, testCall()));
    assert.equal(field, 'staging.workspace');
    const chosen = await planner.plan(ada, { ...wish, workspace: 'ours' }, others, testCall());
    assert.equal(chosen?.workspace?.storage, 'ours');
    assert.deepEqual([alone?.target, alone?.workspace, alone?.in], ['/stage', undefined, plan?.in]);
  });
});

describe('what a launch offers of storages', () => {
  it('says where a task finds those that it mounts, and brings in the others', async () => {
    const [mine, books] = [
      { id: 'mine', name: 'My files', readOnly: false },
      { id: 'books', name: 'Books', readOnly: true },
    ];
    const bind = { source: '/srv/ada', target: '/storage/my-files', readOnly: false };
    const storages = {
      browsable: () => Promise.resolve([mine, books]),
      mounts: () => Promise.resolve([{ storage: mine, isShared: false, bind }]),
    };
    const planner = new StagingPlanner(storages as unknown as Storages, keepers);
    const { mounts, staging } = await planner.offer(ada, computing, testCall());
    assert.deepEqual(mounts, [{ id: 'mine', name: 'My files', target: '/storage/my-files', readOnly: false }]);
    assert.deepEqual(staging.sources, [books]);
  });
});

const computing = { id: 'c', driver: 'keeping' } as Computing;
const keepers = {
  driver: (id: string) => (id === 'keeping' ? { stage: { isOffered: () => true } } : {}),
  resource: (entity: Computing) => entity,
} as unknown as Computings;

const place = (storageName: string, path: string) => ({ storage: 's', storageName, path });

describe('names of what is brought in', () => {
  it('are those that it has, told apart', () => {
    const places = [place('B', 'a/data'), place('B', 'b/data'), place('Ärger & co', ''), place('B', 'data-2')];
    assert.deepEqual(
      distinctly(places).map(({ as }) => as),
      ['data', 'data-2', 'Arger-co', 'data-2-2'],
    );
  });

  for (const [name, expected] of [
    ['JupyterLab 4', 'JupyterLab-4'],
    ['../../etc', 'etc'],
    ['東京', 'files'],
    ['x'.repeat(100), 'x'.repeat(40)],
  ] as const) {
    it(`“${name.slice(0, 20)}” is ${expected.slice(0, 20)} in a path`, () => assert.equal(nameInPath(name), expected));
  }
});
