import type { Logger } from '@stele/sdk';
import type { Task as TaskView } from '@stele/sdk/api';
import type { DependencyContainer } from 'tsyringe';
import type { Message } from '../replicas/index.ts';
import { Retold } from '../tasks/index.ts';
import { take } from './bind.ts';
import { The } from './tokens.ts';

/** What the relay stands between. */
function roomsOf(core: DependencyContainer) {
  return {
    channel: take(core, The.replica).channel,
    bus: take(core, The.events),
    news: take(core, The.accounts).news,
    host: take(core, The.host),
    computings: take(core, The.computings),
    reconciler: take(core, The.reconciler),
    store: take(core, The.taskStore),
    index: take(core, The.taskIndex),
  };
}

type Rooms = ReturnType<typeof roomsOf>;

/** Carries news between this process and the other replicas, in both directions. Does nothing for a platform that is alone. */
export function relay(core: DependencyContainer, log: Logger): AsyncDisposable {
  const rooms = roomsOf(core);
  const owned = new AsyncDisposableStack();
  if (!take(core, The.replica).leases) return owned;
  const incoming = new Incoming(rooms, owned.use(new Retold(rooms.store, log)), log);
  owned.use(rooms.channel.onMessage((message) => incoming.take(message)));
  owned.use(rooms.channel.onGap(() => incoming.catchUp()));
  for (const listening of outgoing(rooms, incoming)) owned.use(listening);
  // What was told before anybody here listened.
  incoming.catchUp();
  return owned;
}

/** Tasks are told of within their transactions; everything else here, after it has happened. */
function outgoing({ channel, bus, news }: Rooms, incoming: Incoming): Disposable[] {
  const tell = (message: Message): void => {
    if (!incoming.isTelling) channel.tell(message);
  };
  return [
    bus.listen(({ name, data, owner }) => {
      if (name === 'notice' && owner) tell({ kind: 'notice', owner });
      if (name === 'task' || name === 'task-removed') incoming.retold.told((data as Pick<TaskView, 'id'>).id);
      if (name !== 'resource') return;
      const { kind: of, ...rest } = data as { kind: 'software' | 'computing' | 'storage'; id: string; gone: boolean };
      tell({ kind: 'resource', of, ...rest, ...(owner ? { owner } : {}) });
    }),
    news.on('session-ended', (said) => tell({ kind: 'session-ended', ...said })),
    news.on('token-revoked', (said) => tell({ kind: 'token-revoked', ...said })),
    news.on('user-changed', (said) => tell({ kind: 'user-changed', ...said })),
  ];
}

/** What the others tell, told here. */
class Incoming {
  readonly retold: Retold;
  /** While something of the others is passed on: it must not go back to them. */
  isTelling = false;
  readonly #rooms: Rooms;
  readonly #log: Logger;

  constructor(rooms: Rooms, retold: Retold, log: Logger) {
    this.#rooms = rooms;
    this.retold = retold;
    this.#log = log;
  }

  take(message: Message): void {
    this.isTelling = true;
    try {
      this.#pass(message);
    } finally {
      this.isTelling = false;
    }
  }

  /** Everything may have changed. */
  catchUp(): void {
    const { bus, computings, news, reconciler } = this.#rooms;
    computings.forgetDescriptions();
    news.tell('missed', {});
    reconciler.pokeAll();
    this.#followPlugins();
    this.#readAll().catch((error: unknown) => this.#log.warn('tasks could not be read again', { error }));
    bus.publish('resync', {});
  }

  #pass(message: Message): void {
    const { bus, news, computings, reconciler } = this.#rooms;
    switch (message.kind) {
      case 'task':
        return this.retold.heard([message.id]);
      case 'task-removed':
        return bus.publish('task-removed', { id: message.id }, message.owner);
      case 'notice':
        return bus.publish('notice', {}, message.owner);
      case 'resource':
        if (message.of === 'computing') computings.forget(message.id);
        return bus.publish('resource', { kind: message.of, id: message.id, gone: message.gone }, message.owner);
      case 'poke':
        return reconciler.pokeOwn(message.computing);
      case 'plugins':
        return this.#followPlugins();
      case 'session-ended':
        return news.tell('session-ended', { session: message.session, user: message.user });
      case 'token-revoked':
        return news.tell('token-revoked', { token: message.token });
      case 'user-changed':
        return news.tell('user-changed', { user: message.user });
    }
  }

  #followPlugins(): void {
    const { host } = this.#rooms;
    host.refresh().catch((error: unknown) => this.#log.warn('plugins could not be switched', { error }));
  }

  async #readAll(): Promise<void> {
    const { bus, index, store } = this.#rooms;
    const known = index.list();
    const there = new Set((await store.byIds(known.map(({ id }) => id))).map(({ id }) => id));
    for (const { id, owner } of known) if (!there.has(id)) bus.publish('task-removed', { id }, owner);
    this.retold.heard([...there, ...(await store.live()).map(({ id }) => id)]);
  }
}
