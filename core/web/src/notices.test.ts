import assert from 'node:assert/strict';
import type { Notice } from '@stele/sdk/api';
import type { ApiClient, LiveEvents, Toast } from '@stele/sdk/web';
import { NoticeBoard } from './notices.ts';

const notice = (n: number): Notice => ({
  id: `n${n}`,
  kind: 'started',
  task: { id: `t${n}`, name: `Task ${n}` },
  computing: 'Cluster',
  createdAt: '2026-05-04T03:02:01.000Z',
});

/** A page with a server behind it that remembers what was not told yet. */
function scene(unseen: Notice[], isVisible = true) {
  const page = Object.assign(new EventTarget(), { visibilityState: isVisible ? 'visible' : 'hidden' });
  const toasts: Toast[] = [];
  const went: unknown[] = [];
  const heard = new Map<string, () => void>();
  const api = {
    get: async () => ({ items: [...unseen] }),
    delete: async (path: string) =>
      void unseen.splice(
        unseen.findIndex(({ id }) => path === `/notices/${id}`),
        1,
      ),
  };
  const board = new NoticeBoard({
    api: api as unknown as ApiClient,
    events: {
      on: (name: string, listener: () => void) => (heard.set(name, listener), () => heard.delete(name)),
    } as unknown as LiveEvents,
    toasts: { show: (toast: Toast) => (toasts.push(toast), () => undefined) } as never,
    navigation: { go: (place: unknown) => void went.push(place) } as never,
    page: page as never,
  });
  return { board, page, toasts, went, heard, unseen };
}

const settled = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 5));

describe('the notices of the page', () => {
  it('are there when one comes back, once, and lead to the task', async () => {
    const { board, toasts, went, unseen } = scene([notice(1)]);
    const end = board.listen();
    await settled();
    assert.deepEqual(
      toasts.map(({ text, stays }) => [text, stays]),
      [['“Task 1” has started on Cluster.', true]],
    );
    toasts[0]?.action?.run();
    assert.deepEqual(went, [{ panel: 'tasks', query: { open: 't1' } }]);
    assert.deepEqual(unseen, []);
    end();
  });

  it('wait until somebody can see the page', async () => {
    const { board, page, toasts, unseen } = scene([notice(1)], false);
    const end = board.listen();
    await settled();
    assert.deepEqual([toasts.length, unseen.length], [0, 1]);
    page.visibilityState = 'visible';
    page.dispatchEvent(new Event('visibilitychange'));
    await settled();
    assert.deepEqual([toasts.length, unseen.length], [1, 0]);
    end();
  });

  it('come as soon as the page hears of one, each once, though several are heard at once', async () => {
    const { board, heard, toasts, unseen } = scene([]);
    const end = board.listen();
    await settled();
    unseen.push(notice(1), notice(2));
    heard.get('notice')?.();
    heard.get('notice')?.();
    heard.get('resync')?.();
    await settled();
    assert.equal(toasts.length, 2);
    end();
    assert.equal(heard.size, 0);
  });

  it('are one where they are many', async () => {
    const { board, toasts } = scene([1, 2, 3, 4, 5].map(notice));
    const end = board.listen();
    await settled();
    assert.deepEqual(
      toasts.map(({ text }) => text),
      ['5 of your tasks have started.'],
    );
    end();
  });
});
