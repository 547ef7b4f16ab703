import { ContextProvider } from '@lit/context';
import type { List, Task } from '@stele/sdk/api';
import {
  baseStyles,
  components,
  defineOnce,
  hostContext,
  isApiProblem,
  LiveEvents,
  setRegional,
  wordsLocale,
  type Host,
  type Unsubscribe,
} from '@stele/sdk/web';
import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { type Arrival, takeArrival } from './arrival.ts';
import { CommandRegistry } from './commands.ts';
import './frame.ts';
import './mark.ts';
import { BrowserNavigation } from './navigation.ts';
import { NoticeBoard } from './notices.ts';
import { SessionStore } from './session.ts';
import { shellCommands } from './shell-commands.ts';
import { ToastArea } from './toasts.ts';
import { UiStore } from './ui-store.ts';

/** What the API takes of an arrival. */
function inputOf(arrival: Arrival): Readonly<Record<string, unknown>> {
  return arrival.kind === 'link' ? { link: arrival.link } : { provider: arrival.provider, answer: arrival.answer };
}

/** The page: who is logged in decides what is shown. Everything below it finds the {@link Host} as context. */
class Shell extends LitElement {
  static override properties: PropertyDeclarations = {
    site: {},
    phase: { state: true },
    fault: { state: true },
    notice: { state: true },
    isLinking: { state: true },
    isPaletteOpen: { state: true },
  };
  static override styles = baseStyles;

  declare site: string;
  declare private phase: 'starting' | 'out' | 'in' | 'failed';
  declare private fault: unknown;
  declare private notice: string | undefined;
  /** Somebody was proved at a provider who has to log in to the account that is theirs. */
  declare private isLinking: boolean;
  declare private isPaletteOpen: boolean;

  readonly #session = new SessionStore();
  readonly #events = new LiveEvents(undefined, { onRefused: () => void this.#session.check() });
  readonly #toasts = new ToastArea();
  readonly #navigation = new BrowserNavigation(() => this.#moved());
  readonly #commands = new CommandRegistry(() => (this.isPaletteOpen = true));
  readonly #ui = new UiStore(this.#session.api, () => this.#uiChanged());
  readonly #provider = new ContextProvider(this, { context: hostContext });
  readonly #notices = new NoticeBoard({
    api: this.#session.api,
    events: this.#events,
    toasts: this.#toasts,
    navigation: this.#navigation,
    page: document,
  });
  #ends: Unsubscribe[] = [];
  /** While somebody is logged in. */
  #endNotices: Unsubscribe | undefined;

  constructor() {
    super();
    this.phase = 'starting';
    this.isLinking = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#provider.setValue(this.#host());
    const ends = new AbortController();
    addEventListener('keydown', (event) => this.#pressed(event), { signal: ends.signal });
    addEventListener('online', () => this.#events.hurry(), { signal: ends.signal });
    this.#ends = [
      () => ends.abort(),
      this.#navigation.listen(),
      this.#session.onChange(() => this.#sessionChanged()),
      this.#ui.listen(this.#events),
      this.#events.on('task', ({ id, phase }) => phase === 'ended' && this.#toasts.ended(id)),
      this.#events.on('task-removed', ({ id }) => this.#toasts.ended(id)),
      this.#commands.add(() => shellCommands(this.#host(), this.#ui.ui?.panels ?? [])),
    ];
    void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#events.stop();
    this.#endNotices?.();
    for (const end of this.#ends.splice(0)) end();
  }

  override render(): TemplateResult {
    return html`${this.#page()} ${this.#toasts}
    ${
      this.isPaletteOpen
        ? html`<stele-palette
            .commands=${this.#commands.list()}
            @close=${() => (this.isPaletteOpen = false)}
          ></stele-palette>`
        : nothing
    }`;
  }

  #page(): TemplateResult {
    switch (this.phase) {
      case 'starting':
        return html`<main><stele-loading what="the page"></stele-loading></main>`;
      case 'failed':
        return html`<main>
          <stele-empty level="1" icon="wifi-off" heading="The server does not answer">
            ${isApiProblem(this.fault) ? this.fault.message : String(this.fault)}
            <wa-button slot="actions" variant="brand" @click=${this.#start}>Try again</wa-button>
          </stele-empty>
        </main>`;
      case 'out':
        return html`<stele-log-in
          .session=${this.#session}
          site=${this.site}
          .notice=${this.notice}
          .isLinking=${this.isLinking}
          @decline=${this.#linkNothing}
        ></stele-log-in>`;
      default:
        return html`<stele-frame
          .host=${this.#host()}
          .ui=${this.#ui.ui}
          .fault=${this.#ui.fault}
          .place=${this.#navigation.place}
          @retry=${() => this.#ui.read()}
        ></stele-frame>`;
    }
  }

  #host(): Host {
    return {
      api: this.#session.api,
      session: this.#session,
      events: this.#events,
      navigation: this.#navigation,
      toasts: this.#toasts,
      commands: this.#commands,
      site: { name: this.site },
    };
  }

  async #start(): Promise<void> {
    const arrival = takeArrival();
    try {
      // Whoever is logged in may come back with one more way to do so.
      if (arrival?.kind === 'answer') await this.#session.resume();
      if (arrival) await this.#follow(arrival);
      if (!this.#session.isOpen) await this.#session.resume();
      if (!this.#session.isOpen) await this.#showLogIn();
    } catch (error) {
      this.fault = error;
      this.phase = 'failed';
    }
  }

  /** A link that was used or is too old, or an answer that is refused, still leaves the other ways in. */
  async #follow(arrival: Arrival): Promise<void> {
    const wasOpen = this.#session.isOpen;
    try {
      const linked = await this.#session.logIn(inputOf(arrival));
      if (linked !== undefined) this.#toasts.show({ text: 'It is linked: you can log in with it now.', tone: 'done' });
    } catch (error) {
      if (!isApiProblem(error) || error.status === 0 || error.status === 500) throw error;
      if (wasOpen) this.#toasts.problem(error, 'Nothing was linked');
      this.notice = error.message;
      this.isLinking = error.code === 'ACCOUNT_EXISTS';
    }
  }

  #linkNothing(): void {
    this.isLinking = false;
    this.notice = undefined;
  }

  async #confirmIdentity(): Promise<void> {
    if (!this.isLinking) return;
    this.isLinking = false;
    try {
      await this.#session.confirmIdentity();
      this.#toasts.show({ text: 'It is linked: you can log in with either now.', tone: 'done' });
    } catch (error) {
      this.#toasts.problem(error, 'Nothing was linked');
    }
  }

  async #showLogIn(): Promise<void> {
    await import('./log-in.ts');
    this.phase = 'out';
  }

  #sessionChanged(): void {
    this.#followUser();
    if (this.#session.isOpen) void this.#enter();
    else if (this.phase === 'in') void this.#leave();
  }

  /** Dates, times and numbers are the user's from here on; what they chose stays on the log-in page after them. */
  #followUser(): void {
    if (!this.#session.isOpen) return;
    const { locale, timezone } = this.#session.user;
    setRegional({ locale, timeZone: timezone });
    document.documentElement.lang = wordsLocale();
  }

  async #enter(): Promise<void> {
    if (this.phase === 'in') return this.requestUpdate();
    this.notice = undefined;
    const menus = components('dropdown');
    await this.#ui.read();
    await this.#goHome();
    // What is pressed before it is alive does nothing. Without its menus the page is still of use.
    await Promise.allSettled([menus]);
    this.phase = 'in';
    this.#events.start();
    this.#endNotices?.();
    this.#endNotices = this.#notices.listen();
    void this.#confirmIdentity();
    await menus;
  }

  async #leave(): Promise<void> {
    this.phase = 'starting';
    this.#events.stop();
    this.#endNotices?.();
    this.#toasts.clear();
    this.isPaletteOpen = false;
    this.notice = 'You are logged out. Log in to go on where you were.';
    await this.#showLogIn();
  }

  #uiChanged(): void {
    this.#navigation.setPanels(this.#ui.ui?.panels ?? []);
    this.requestUpdate();
  }

  #moved(): void {
    if (this.#navigation.place.slug === '' && this.phase === 'in') void this.#goHome();
    this.requestUpdate();
  }

  /** Home is the tasks when there are any, the software when there are none, and else whatever comes first. */
  async #goHome(): Promise<void> {
    if (this.#navigation.place.slug !== '') return;
    const first = this.#ui.panels('main')[0] ?? this.#ui.panels('account')[0];
    if (!first) return;
    const wish = (await this.#hasTasks()) ? 'tasks' : 'software';
    this.#navigation.go({ panel: this.#navigation.hasPanel(wish) ? wish : first.id }, { replace: true });
  }

  async #hasTasks(): Promise<boolean> {
    if (!this.#navigation.hasPanel('tasks')) return false;
    try {
      const { items } = await this.#session.api.get<List<Task>>('/tasks', { query: { limit: 1 } });
      return items.length > 0;
    } catch (error) {
      // Which panel comes first is no reason to show an error: the panel itself will say what is wrong.
      console.warn('stele: tasks could not be counted', error);
      return false;
    }
  }

  #pressed(event: KeyboardEvent): void {
    if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || this.phase !== 'in') return;
    event.preventDefault();
    this.isPaletteOpen = !this.isPaletteOpen;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('isPaletteOpen') && this.isPaletteOpen) void import('./palette.ts');
  }
}

defineOnce('stele-shell', Shell);
