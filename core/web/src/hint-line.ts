import { baseStyles, defineOnce, type Host } from '@stele/sdk/web';
import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { hintFor, type Hint } from './hint.ts';

/** One quiet suggestion above the content for who is new here; gone for good when it is closed. */
class HintLine extends LitElement {
  static override properties: PropertyDeclarations = {
    host: { attribute: false },
    dismissed: { state: true },
    isSaving: { state: true },
  };
  static override styles = [
    baseStyles,
    css`
      aside {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--stele-space-2) var(--stele-space-3);
        margin-block-end: var(--stele-space-5);
        padding: var(--stele-space-2) var(--stele-space-2) var(--stele-space-2) var(--stele-space-4);
        border: 1px solid color-mix(in oklab, var(--stele-accent) 25%, transparent);
        border-radius: var(--stele-radius-l);
        background: var(--stele-accent-quiet);
      }
      aside:dir(rtl) {
        padding-inline: var(--stele-space-4) var(--stele-space-2);
      }
      p {
        flex: 1 1 16rem;
        max-inline-size: none;
      }
      p stele-icon {
        margin-inline-end: var(--stele-space-2);
        color: var(--stele-accent);
      }
      .does {
        display: flex;
        align-items: center;
        gap: var(--stele-space-1);
      }
    `,
  ];

  declare host: Host;
  declare private dismissed: ReadonlySet<Hint> | undefined;
  declare private isSaving: boolean;

  override render(): TemplateResult | typeof nothing {
    const hint = hintFor({
      user: this.host.session.user,
      browserZone: browserZone(),
      dismissed: this.dismissed ?? this.#remembered(),
    });
    if (hint === 'password') return this.#password();
    return hint === 'timezone' ? this.#timezone() : nothing;
  }

  #password(): TemplateResult | typeof nothing {
    const { navigation } = this.host;
    if (!navigation.hasPanel('account')) return nothing;
    const href = navigation.href({ panel: 'account', path: ['security'] });
    return this.#line(
      'password',
      'key',
      'You came in by a link that works once. With a password you can come back any time.',
      html`<wa-button size="s" appearance="outlined" href=${href}>Set a password</wa-button>`,
    );
  }

  #timezone(): TemplateResult {
    const zone = browserZone();
    return this.#line(
      'timezone',
      'clock',
      `Times are shown in UTC; this browser is in ${zone.replaceAll('_', ' ')}.`,
      html`<wa-button size="s" appearance="outlined" ?loading=${this.isSaving} @click=${() => this.#take(zone)}
        >Use its time</wa-button
      >`,
    );
  }

  #line(hint: Hint, icon: string, words: string, action: TemplateResult): TemplateResult {
    return html`<aside aria-label="Hint">
      <p><stele-icon name=${icon}></stele-icon>${words}</p>
      <div class="does">
        ${action}
        <stele-icon-button
          icon="x"
          label="Don’t show this again"
          @click=${() => this.#dismiss(hint)}
        ></stele-icon-button>
      </div>
    </aside>`;
  }

  async #take(timezone: string): Promise<void> {
    this.isSaving = true;
    try {
      await this.host.api.patch('/me', { timezone });
      await this.host.session.refresh();
    } catch (error) {
      this.host.toasts.problem(error, 'Change the time zone');
    } finally {
      this.isSaving = false;
    }
  }

  #dismiss(hint: Hint): void {
    this.dismissed = new Set([...this.#remembered(), hint]);
    localStorage.setItem(this.#place, [...this.dismissed].join(' '));
  }

  #remembered(): ReadonlySet<Hint> {
    return new Set((localStorage.getItem(this.#place) ?? '').split(' ') as Hint[]);
  }

  get #place(): string {
    return `stele.hints.${this.host.session.user.id}`;
  }
}

function browserZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

defineOnce('stele-hint-line', HintLine);
