import type { AuthOption, Elsewhere, IdentityItem } from '@stele/sdk/api';
import { confirm, LiveList } from '@stele/sdk/web';
import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { Section } from './section.ts';

/** The providers that know the user, and those that they can link. */
export class WaysInSection extends Section {
  static override properties: PropertyDeclarations = { options: { state: true }, isLeaving: { state: true } };

  declare private options: readonly AuthOption[];
  declare private isLeaving: boolean;
  readonly #list = new LiveList<IdentityItem>(this, {
    load: (signal) => this.host.api.all<IdentityItem>('/me/identities', { signal }),
    // The page may be shown before the answer is taken with which the user came back.
    listen: (list) => [this.host.session.onChange(() => void list.refresh())],
  });

  constructor() {
    super();
    this.options = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.run('The ways to log in could not be read', async () => {
      const { items } = await this.host.api.get<{ items: readonly AuthOption[] }>('/auth', { signal: this.signal });
      this.options = items;
    });
  }

  override render(): TemplateResult | typeof nothing {
    const { provider: own } = this.host.session.user;
    // Of an account that was made here, the other one is its password.
    const linked = this.#list.items.filter(({ provider, isLinked }) => isLinked || provider === own);
    const open = this.#open();
    // Where there is only a password, the section about it says all.
    if (linked.length === 0 && open.length === 0) return nothing;
    return html`<section>
      <div class="top">
        <div>
          <h2>Providers</h2>
          <p>
            ${this.#keeps() ? 'Your account came with a provider, and keeps to it.' : 'Log in with them instead of a password.'}
          </p>
        </div>
      </div>
      ${
        this.insteadOf(this.#list, 'your providers') ??
        html`<ul class="card list">
          ${linked.map((item) => this.#row(item))} ${open.map((option) => this.#offer(option))}
        </ul>`
      }
    </section>`;
  }

  #keeps(): boolean {
    const { provider } = this.host.session.user;
    return this.options.some(({ id, kind }) => id === provider && kind === 'redirect');
  }

  /** Providers that can be linked. */
  #open(): readonly AuthOption[] {
    const known = new Set(this.#list.items.map(({ provider }) => provider));
    return this.#keeps() ? [] : this.options.filter(({ id, kind }) => kind === 'redirect' && !known.has(id));
  }

  #row(item: IdentityItem): TemplateResult {
    return html`<li class="line">
      <stele-icon name="shield"></stele-icon>
      <div>
        <span class="name">${item.title}</span>
        <p class="quiet small">Since <stele-time at=${item.createdAt}></stele-time></p>
      </div>
      ${
        item.isLinked
          ? html`<wa-button appearance="outlined" size="s" @click=${() => this.#letGo(item)}
              >Let go<span class="visually-hidden"> of ${item.title}</span></wa-button
            >`
          : html`<span></span>`
      }
    </li>`;
  }

  #offer({ id, title, trouble }: AuthOption): TemplateResult {
    return html`<li class="line">
      <stele-icon name="link"></stele-icon>
      <div>
        <span class="name">${title}</span>
        <p class="quiet small">${trouble ?? 'It has to know you by the e-mail address that you have here.'}</p>
      </div>
      <wa-button appearance="outlined" size="s" ?loading=${this.isLeaving} @click=${() => this.#link(id)}
        >Link<span class="visually-hidden"> ${title}</span></wa-button
      >
    </li>`;
  }

  async #link(provider: string): Promise<void> {
    this.isLeaving = true;
    await this.run('The provider could not be linked', async () => {
      this.host.session.leaveFor((await this.host.api.post<Elsewhere>('/me/identities', { provider })).url);
    });
    this.isLeaving = false;
  }

  async #letGo({ id, title }: IdentityItem): Promise<void> {
    const text =
      'It lets you in here no longer, and whatever was logged in by it is logged out. This page too, if you came by it.';
    if (!(await confirm({ title: `Let “${title}” go?`, text, action: 'Let go', dangerous: true }))) return;
    const isDone = await this.run('It could not be let go', () => this.host.api.delete(`/me/identities/${id}`));
    if (!isDone) return;
    this.#list.remove(id);
    this.host.toasts.show({ text: `“${title}” no longer lets you in here.`, tone: 'done' });
  }
}
