import type { EntityManager } from '@mikro-orm/postgresql';
import type { Message } from './message.ts';

/** How replicas of one platform hear of each other's doings. */
export interface Channel {
  /** Tells the others, as soon as that can be done; those who can't hear then make up for it by {@link Channel.onGap}. */
  tell(message: Message): void;
  /** Tells the others when the transaction commits, and only then. */
  tellWithin(em: EntityManager, message: Message): Promise<void>;
  /** Calls `listener` with what the others tell. */
  onMessage(listener: (message: Message) => void): Disposable;
  /** Calls `listener` when something may have been missed. */
  onGap(listener: () => void): Disposable;
}

const nothing: Disposable = { [Symbol.dispose]: () => undefined };

/** Of a platform that is alone. */
export const silence: Channel = {
  tell: () => undefined,
  tellWithin: async () => undefined,
  onMessage: () => nothing,
  onGap: () => nothing,
};
