import { ContextConsumer } from '@lit/context';
import { LitElement, type CSSResultGroup, type PropertyDeclarations } from 'lit';
import type { ApiClient } from './api/client.ts';
import { isAbort } from './api/problem.ts';
import {
  hostContext,
  type Command,
  type Host,
  type Route,
  type Session,
  type Target,
  type Unsubscribe,
} from './context.ts';
import type { LiveEvents } from './events/live-events.ts';
import { onRegionalChange } from './regional.ts';
import { baseStyles } from './styles.ts';

const nowhere: Route = { path: [], query: new URLSearchParams() };

/**
 * What panels extend. A panel is a Lit element without a tag: its module exports the class by the name in the
 * manifest, and the page defines it. Everything taken in {@link PanelElement.whileConnected} is given back when the
 * panel leaves the page.
 *
 * @example
 * export class QueuePanel extends PanelElement {
 *   override render() {
 *     return html`<stele-page-header heading="Queue"></stele-page-header>`;
 *   }
 * }
 */
export class PanelElement extends LitElement {
  static override properties: PropertyDeclarations = { route: { attribute: false } };
  static override styles: CSSResultGroup = baseStyles;

  /** Where the user is below this panel. Set by the page; changes render the panel again. */
  declare route: Route;
  /** The panel's own id, for {@link PanelElement.go}. Set by the page. */
  panelId = '';

  #host: Host | undefined;
  #leaving: AbortController | undefined;
  #ends: Unsubscribe[] = [];

  constructor() {
    super();
    this.route = nowhere;
    new ContextConsumer(this, { context: hostContext, callback: (host) => (this.#host = host) });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leaving = new AbortController();
    this.#ends = this.#host ? this.whileConnected() : [];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leaving?.abort();
    for (const end of this.#ends.splice(0)) end();
  }

  /** The page. Only while the panel is in it. */
  get host(): Host {
    if (!this.#host) throw new Error('This panel is not in the page: its host is there after it was connected.');
    return this.#host;
  }

  /** The HTTP API. */
  get api(): ApiClient {
    return this.host.api;
  }

  /** Who is logged in. */
  get session(): Session {
    return this.host.session;
  }

  /** The server's news. */
  get events(): LiveEvents {
    return this.host.events;
  }

  /** Aborted when the panel leaves the page: hand it to every call. */
  get signal(): AbortSignal {
    return this.#leaving?.signal ?? AbortSignal.abort();
  }

  /** Takes what the panel needs while it is in the page. @returns what gives each back */
  protected whileConnected(): Unsubscribe[] {
    const commands = this.host.commands.add(() => this.commands());
    return [commands, onRegionalChange(() => this.requestUpdate())];
  }

  /** What the panel adds to the command palette while it is in the page. */
  protected commands(): readonly Command[] {
    return [];
  }

  /** Goes to a place; without `panel`, within this one. */
  protected go(target: Target, options?: { readonly replace?: boolean }): void {
    this.host.navigation.go({ panel: this.panelId, ...target }, options);
  }

  /** URL of a place; without `panel`, within this one. */
  protected href(target: Target): string {
    return this.host.navigation.href({ panel: this.panelId, ...target });
  }

  /** Changes some keys of the query and keeps the rest; `undefined` removes a key. */
  protected setQuery(
    changes: Readonly<Record<string, string | undefined>>,
    options?: { readonly replace?: boolean },
  ): void {
    const query = { ...Object.fromEntries(this.route.query), ...changes };
    this.go({ path: this.route.path, query }, options);
  }

  /** Runs an action of the user; what it throws becomes a toast that says what was being done. @returns whether it worked */
  protected async run(what: string, action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      if (!isAbort(error)) this.host.toasts.problem(error, what);
      return false;
    }
  }
}
