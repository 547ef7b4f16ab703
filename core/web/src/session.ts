import type { Elsewhere, LoggedOut, Me, Role, SessionInfo } from '@stele/sdk/api';
import { ApiClient, isApiProblem, type Session, type Unsubscribe } from '@stele/sdk/web';
import { leaveFor } from './arrival.ts';

const roles: readonly Role[] = ['standard', 'power', 'admin'];

/** Who is logged in, if anybody: the one place that knows the session's token. */
export class SessionStore implements Session {
  /** The API, as whoever is logged in. */
  readonly api: ApiClient;
  #info: SessionInfo | undefined;
  // Outlives the session: what is still on the page when it ends may render once more.
  #user: Me | undefined;
  readonly #listeners = new Set<() => void>();

  constructor() {
    this.api = new ApiClient({ csrf: () => this.#info?.csrf, onLoggedOut: () => this.end() });
  }

  /** Whether somebody is logged in. */
  get isOpen(): boolean {
    return this.#info !== undefined;
  }

  get user(): Me {
    if (!this.#user) throw new Error('Nobody is logged in.');
    return this.#user;
  }

  has(role: Role): boolean {
    return roles.indexOf(this.user.role) >= roles.indexOf(role);
  }

  onChange(listener: () => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes up the session that the browser's cookie belongs to. Nobody being logged in is no error. */
  async resume(): Promise<void> {
    try {
      this.#set(await this.api.get<SessionInfo>('/session'));
    } catch (error) {
      if (!isApiProblem(error) || error.status !== 401) throw error;
      this.end();
    }
  }

  /** Asks whether the session still holds; one that was ended elsewhere ends here too. */
  async check(): Promise<void> {
    if (!this.#info) return;
    try {
      await this.refresh();
    } catch (error) {
      // 401 has ended it by now. Everything else is asked again by whoever asks next: the page already says that it waits.
      if (!isApiProblem(error)) throw error;
    }
  }

  async refresh(): Promise<void> {
    this.#set(await this.api.get<SessionInfo>('/session'));
  }

  /**
   * Logs in by the fields of a form, by a provider's answer, or by the secret of a one-time link.
   * @returns the provider that was linked by it to the account
   */
  async logIn(input: Readonly<Record<string, unknown>>): Promise<string | undefined> {
    const info = await this.api.post<SessionInfo>('/session', input);
    this.#set(info);
    return info.linked;
  }

  /** Leaves for a provider to log in there. */
  async logInAt(provider: string): Promise<void> {
    this.leaveFor((await this.api.post<Elsewhere>(`/auth/${encodeURIComponent(provider)}`)).url);
  }

  /** Says that what was proved at a provider, in this browser, is one's own. */
  async confirmIdentity(): Promise<void> {
    await this.api.post('/me/identities/confirm');
    await this.refresh();
  }

  leaveFor(url: string): void {
    leaveFor(url);
  }

  async logOut(): Promise<void> {
    const { url } = await this.api.delete<LoggedOut>('/session');
    this.end();
    if (url !== undefined) this.leaveFor(url);
  }

  /** Forgets it; the server ended it, or never knew it. */
  end(): void {
    if (this.#info) this.#set(undefined);
  }

  #set(info: SessionInfo | undefined): void {
    this.#info = info;
    this.#user = info?.user ?? this.#user;
    for (const listener of [...this.#listeners]) listener();
  }
}
