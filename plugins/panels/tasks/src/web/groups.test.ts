import assert from 'node:assert/strict';
import type { Task } from '@stele/sdk/api';
import { again, grouped, runningFor, runTime } from './groups.ts';

const task = (id: string, phase: Task['phase'], more: Partial<Task> = {}): Task =>
  ({
    id,
    phase,
    name: id,
    software: { id: 's', name: 'S' },
    computing: { id: 'c', name: 'C' },
    options: { cores: 1 },
    createdAt: '2026-01-01T00:00:00Z',
    ...more,
  }) as Task;

describe('parts of the tasks page', () => {
  it('puts the newest first and what ended apart', () => {
    const tasks = [
      task('old', 'running'),
      task('done', 'ended'),
      task('new', 'queued', { createdAt: '2026-01-02T00:00:00Z' }),
    ];
    const { active, ended } = grouped(tasks, new Set());
    assert.deepEqual(
      active.map((t) => t.id),
      ['new', 'old'],
    );
    assert.deepEqual(
      ended.map((t) => t.id),
      ['done'],
    );
  });

  it('leaves a task where it is when it ends before one’s eyes', () => {
    const { active, ended } = grouped([task('a', 'ended')], new Set(['a']));
    assert.deepEqual([active.length, ended.length], [1, 0]);
  });

  it('leaves a task where it is until its results are back', () => {
    const staged = (state: string) => ({ staging: { out: { state } } }) as Partial<Task>;
    const [stuck, back] = [task('a', 'ended', staged('failed')), task('b', 'ended', staged('done'))];
    const { active, ended } = grouped([stuck, back], new Set());
    assert.deepEqual([active, ended], [[stuck], [back]]);
  });

  it('tells how long a task ran, or has run', () => {
    const startedAt = '2026-01-01T00:00:00Z';
    const now = Date.parse('2026-01-01T00:01:00Z');
    assert.equal(runTime({ phase: 'running', startedAt }, now), 60);
    assert.equal(runTime({ phase: 'ended', startedAt, endedAt: '2026-01-01T00:00:10Z' }, now), 10);
    assert.equal(runTime({ phase: 'queued' }, now), undefined);
    assert.equal(runTime({ phase: 'running', startedAt: '2026-01-01T00:02:00Z' }, now), 0);
  });

  it('tells to the minute how long one runs', () => {
    const told = [1, 59.9, 60, 3725].map((seconds) => runningFor(seconds, 'en'));
    assert.deepEqual(told, ['less than a minute', 'less than a minute', '1 min', '1 hr 2 min']);
  });

  it('launches the same again, unless its software is gone', () => {
    const engine = { id: 'podman', runtime: 'crun' };
    assert.deepEqual(again(task('a', 'ended', { engine }), 'k'), {
      name: 'a',
      software: 's',
      computing: 'c',
      options: { cores: 1 },
      engine,
      key: 'k',
    });
    assert.equal(again(task('a', 'ended', { software: { name: 'S' } }), 'k'), undefined);
  });
});
