import assert from 'node:assert/strict';
import type { Computing, Health, Task } from '@stele/sdk/api';
import type { ApiClient, LiveEvents } from '@stele/sdk/web';
import { Places, staleness } from './places.ts';

const since = '2026-05-04T03:02:01.000Z';
const task = (more: Partial<Task> = {}): Task =>
  ({ phase: 'running', computing: { id: 'c', name: 'Cluster' }, ...more }) as Task;
const silent: Health = { state: 'failing', code: 'UNREACHABLE', reason: 'No route.', since };

/** The words of a template, without its elements. */
const words = (health: Health | undefined, of = task()): string | undefined => {
  const { strings, values } = staleness(of, health) ?? {};
  return strings?.reduce((text, part, at) => text + part + (typeof values?.[at] === 'string' ? values[at] : ''), '');
};

describe('what is said of a task on a resource', () => {
  for (const [what, health, of] of [
    ['that works', { state: 'ok' }, task()],
    ['that was never asked', { state: 'unknown' }, task()],
    ['that is not known', undefined, task()],
    ['that is silent, when the task has ended', silent, task({ phase: 'ended' })],
  ] as const) {
    it(`${what}: nothing`, () => assert.equal(words(health, of), undefined));
  }

  it('that is silent: since when', () => {
    assert.equal(words(silent), 'Cluster is not answering. This is how it was then.');
    const [, inner] = staleness(task(), silent)?.values ?? [];
    assert.deepEqual((inner as { values: unknown[] }).values, [since]);
  });

  it('that can’t be asked: why', () => {
    const denied: Health = { state: 'failing', code: 'DENIED', reason: 'The key was taken away.' };
    assert.equal(words(denied), 'Cluster can’t be asked: The key was taken away. This is how it was then.');
  });
});

describe('the places of tasks', () => {
  it('are read, and again when one changes or something was missed', async () => {
    const state: Record<string, Health> = { c: { state: 'ok' }, d: { state: 'ok' } };
    const one = (id: string): Computing => ({ id, health: state[id] }) as Computing;
    const api = {
      all: async () => Object.keys(state).map(one),
      get: async (path: string) => one(path.split('/').at(-1) ?? ''),
    } as unknown as ApiClient;
    const heard = new Map<string, (data: object) => void>();
    const events = {
      on: (name: string, listener: (data: object) => void) => (heard.set(name, listener), () => heard.delete(name)),
    } as unknown as LiveEvents;
    let changes = 0;
    const places = new Places(api, new AbortController().signal, () => changes++);
    const settled = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 5));
    const ends = places.listen(events);
    await settled();
    assert.equal(places.of(task())?.state, 'ok');
    state.c = silent;
    heard.get('resource')?.({ kind: 'computing', id: 'c', gone: false });
    await settled();
    assert.equal(places.of(task())?.code, 'UNREACHABLE');
    delete state.c;
    heard.get('resync')?.({});
    await settled();
    assert.equal(places.of(task()), undefined);
    assert.equal(places.of({ computing: { name: 'gone' } }), undefined);
    assert.equal(changes, 3);
    for (const end of ends) end();
    assert.equal(heard.size, 0);
  });
});
