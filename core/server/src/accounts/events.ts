import { EventEmitter } from 'node:events';

/** News of accounts, for those who hold something open in a user's name. */
export interface AccountEvents {
  /** A session can't be used any more: logged out, expired, or ended by a change of its user. */
  readonly 'session-ended': { readonly session: string; readonly user: string };
  /** A token was revoked. */
  readonly 'token-revoked': { readonly token: string };
  /** What a user may do has changed: role, group membership, disabled. */
  readonly 'user-changed': { readonly user: string };
  /** Something of the above may have happened elsewhere, unheard. */
  readonly missed: Readonly<Record<string, never>>;
}

/** Tells {@link AccountEvents} to whoever listens. */
export class AccountNews {
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  on<E extends keyof AccountEvents>(event: E, listener: (news: AccountEvents[E]) => void): Disposable {
    this.#emitter.on(event, listener);
    return { [Symbol.dispose]: () => void this.#emitter.off(event, listener) };
  }

  tell<E extends keyof AccountEvents>(event: E, news: AccountEvents[E]): void {
    this.#emitter.emit(event, news);
  }
}
