import type { PanelItem, Ui } from '@stele/sdk/api';
import { baseStyles, defineOnce, type Host } from '@stele/sdk/web';
import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { frameStyles } from './frame-styles.ts';
import './hint-line.ts';
import './live-line.ts';
import './panel-host.ts';
import { pin } from './pinned.ts';
import type { Place } from './router.ts';
import { slugsOf } from './router.ts';
import { chooseTheme, isDark } from './theme.ts';

/** The frame around a panel: the rail (a bar at the foot on a phone), the content, the line that says it reconnects. */
class Frame extends LitElement {
  static override properties: PropertyDeclarations = {
    host: { attribute: false },
    ui: { attribute: false },
    fault: { attribute: false },
    place: { attribute: false },
  };
  static override styles = [baseStyles, frameStyles];

  declare host: Host;
  declare ui: Ui | undefined;
  declare fault: unknown;
  declare place: Place;

  override updated(changed: Map<string, unknown>): void {
    const before = changed.get('place') as Place | undefined;
    if (before && before.slug !== '' && before.slug !== this.place.slug) this.#keepFocus();
    const title = this.#current()?.title;
    document.title = title === undefined ? this.host.site.name : `${title} · ${this.host.site.name}`;
  }

  override render(): TemplateResult {
    return html`<nav aria-label="Places">
        <button class="skip" @click=${this.#skip}>To the content</button>
        <a class="home" href="/" aria-label="${this.host.site.name}, home"><stele-mark></stele-mark></a>
        <ul>
          ${this.#panels('main').map((panel) => this.#entry(panel))}
        </ul>
        <ul class="foot">
          ${[...this.#panels('account'), ...this.#panels('admin')].map((panel) => this.#entry(panel))}
        </ul>
        <div class="tools">${this.#tools()}</div>
      </nav>
      <header class="strip">
        <a class="home" href="/" aria-label="${this.host.site.name}, home"><stele-mark></stele-mark></a>
        <span class="grow cut">${this.host.site.name}</span>
        ${this.#tools()}
      </header>
      <div class="content">
        <stele-live-line .events=${this.host.events}></stele-live-line>
        <main id="content" tabindex="-1">${this.#hint()} ${this.#content()}</main>
      </div>`;
  }

  /** The account says it better itself. */
  #hint(): TemplateResult | typeof nothing {
    const slot = this.#current()?.slot;
    if (slot === undefined || slot === 'account') return nothing;
    return html`<stele-hint-line .host=${this.host}></stele-hint-line>`;
  }

  /** What had the focus may have gone with its panel: whoever works by keyboard goes on at the content, not at the start. */
  #keepFocus(): void {
    if (document.activeElement === document.body) this.#skip();
  }

  #tools(): TemplateResult {
    const dark = isDark();
    return html`<stele-icon-button
        icon="search"
        label="Search and commands (Ctrl K)"
        @click=${() => this.host.commands.open()}
      ></stele-icon-button>
      <stele-icon-button
        icon=${dark ? 'sun' : 'moon'}
        label=${dark ? 'Light theme' : 'Dark theme'}
        @click=${() => this.#theme(dark)}
      ></stele-icon-button>
      ${this.#userMenu()}`;
  }

  #userMenu(): TemplateResult {
    const { user } = this.host.session;
    return html`<wa-dropdown placement="right-end" @wa-show=${pin} @wa-select=${this.#chosen}>
      <button slot="trigger" class="avatar" aria-label="${initials(user.name)}: ${user.name}, menu" title=${user.name}>
        ${initials(user.name)}
      </button>
      <div class="who">
        <strong class="cut">${user.name}</strong>
        <span class="quiet small cut">${user.email}</span>
      </div>
      <wa-divider></wa-divider>
      ${this.#panels('account').map(
        (panel) =>
          html`<wa-dropdown-item value=${panel.id}>
            <stele-icon slot="icon" name=${panel.icon}></stele-icon>${panel.title}
          </wa-dropdown-item>`,
      )}
      <wa-dropdown-item value=":system"
        ><stele-icon slot="icon" name="desktop"></stele-icon>Theme of the system</wa-dropdown-item
      >
      <wa-dropdown-item value=":out"><stele-icon slot="icon" name="log-out"></stele-icon>Log out</wa-dropdown-item>
    </wa-dropdown>`;
  }

  #entry(panel: PanelItem): TemplateResult {
    const isHere = panel === this.#current();
    return html`<li>
      <a class="entry" href=${this.host.navigation.href({ panel: panel.id })} aria-current=${isHere ? 'page' : nothing}>
        <span class="pill"><stele-icon name=${panel.icon}></stele-icon></span>
        <span class="word">${panel.title}</span>
      </a>
    </li>`;
  }

  #content(): TemplateResult | typeof nothing {
    if (this.fault && !this.ui) {
      return html`<stele-error
        what="The page’s panels could not be read"
        .error=${this.fault}
        retryable
        @retry=${this.#retry}
      ></stele-error>`;
    }
    if (!this.ui) return nothing;
    const panel = this.#current();
    if (panel) return html`<stele-panel-host .item=${panel} .route=${this.place}></stele-panel-host>`;
    return this.ui.panels.length === 0 ? this.#noPanels() : this.#noSuchPanel();
  }

  #noPanels(): TemplateResult {
    const isAdmin = this.host.session.has('admin');
    return html`<stele-empty level="1" icon="puzzle-piece" heading="No panel is here yet">
      <p>
        Everything that this page shows comes from plugins, and none that is active brings a panel for you.
        ${
          isAdmin
            ? html`List them with <code>stele plugin list</code> and enable one: it appears here at once.`
            : 'Ask the people who run this site.'
        }
      </p>
    </stele-empty>`;
  }

  #noSuchPanel(): TemplateResult {
    return html`<stele-empty level="1" icon="puzzle-piece" heading="There is no such place">
      <p>
        Nothing answers at <code>${location.pathname}</code>. The plugin that it belonged to may have been disabled.
      </p>
      <wa-button slot="actions" variant="brand" href="/">Go home</wa-button>
    </stele-empty>`;
  }

  #panels(slot: string): readonly PanelItem[] {
    return (this.ui?.panels ?? []).filter((panel) => panel.slot === slot).sort((a, b) => a.order - b.order);
  }

  #current(): PanelItem | undefined {
    return slugsOf(this.ui?.panels ?? []).get(this.place.slug);
  }

  #theme(wasDark: boolean): void {
    chooseTheme(wasDark ? 'light' : 'dark');
    this.requestUpdate();
  }

  #chosen(event: CustomEvent<{ item: { value: string } }>): void {
    const { value } = event.detail.item;
    if (value === ':out')
      void this.host.session.logOut().catch((error: unknown) => this.host.toasts.problem(error, 'Log out'));
    else if (value === ':system') {
      chooseTheme('system');
      this.requestUpdate();
    } else this.host.navigation.go({ panel: value });
  }

  #skip(): void {
    this.renderRoot.querySelector('main')?.focus({ preventScroll: true });
  }

  #retry(): void {
    this.dispatchEvent(new Event('retry'));
  }
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => Array.from(word ?? '')[0] ?? '',
  );
  return letters.join('').toLocaleUpperCase();
}

defineOnce('stele-frame', Frame);
