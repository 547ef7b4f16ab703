import type { ApiTokenCreated, ApiTokenItem } from '@stele/sdk/api';
import { confirm, LiveList, type SteleForm } from '@stele/sdk/web';
import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { curlExample } from './curl.ts';
import { Section } from './section.ts';

const schema = {
  type: 'object',
  required: ['name', 'scope', 'days'],
  properties: {
    name: {
      type: 'string',
      title: 'Name',
      minLength: 1,
      maxLength: 200,
      description: 'What it is for, so that you know it again.',
    },
    scope: {
      title: 'May',
      oneOf: [
        { const: 'read', title: 'Read only' },
        { const: 'write', title: 'Read and change' },
      ],
      default: 'read',
    },
    days: { type: 'integer', title: 'Valid for (days)', minimum: 1, maximum: 365, default: 90 },
  },
};

/** API tokens: for scripts and other programs. */
export class TokensSection extends Section {
  static override properties: PropertyDeclarations = {
    created: { state: true },
    isOpen: { state: true },
    problem: { state: true },
    isSending: { state: true },
    start: { state: true },
  };

  declare private created: ApiTokenCreated | undefined;
  declare private isOpen: boolean;
  declare private problem: unknown;
  declare private isSending: boolean;
  declare private start: object;
  readonly #list = new LiveList<ApiTokenItem>(this, {
    load: (signal) => this.host.api.all<ApiTokenItem>('/tokens', { signal }),
    listen: () => [],
  });

  constructor() {
    super();
    this.start = {};
  }

  override render(): TemplateResult {
    return html`<section>
        <div class="top">
          <div>
            <h2>API tokens</h2>
            <p>With a token, a script or another program acts as you.</p>
          </div>
          <wa-button variant="brand" @click=${this.#open}
            ><stele-icon slot="start" name="plus"></stele-icon>Make token</wa-button
          >
        </div>
        ${this.created ? this.#once(this.created) : nothing} ${this.#content()}
      </section>
      <stele-dialog label="Make a token" .open=${this.isOpen} @close=${() => (this.isOpen = false)}>
        <stele-form
          .schema=${schema}
          .start=${this.start}
          .problem=${this.problem}
          ?disabled=${this.isSending}
          @submit=${this.#make}
        ></stele-form>
        <wa-button slot="footer" appearance="plain" @click=${() => (this.isOpen = false)}>Cancel</wa-button>
        <wa-button slot="footer" variant="brand" ?loading=${this.isSending} @click=${() => this.#form?.submit()}
          >Make token</wa-button
        >
      </stele-dialog>`;
  }

  #once({ token, secret }: ApiTokenCreated): TemplateResult {
    const example = curlExample(location.origin, secret);
    return html`<div class="card once" role="group" aria-label="The new token">
      <h3><stele-icon name="key"></stele-icon> “${token.name}” is made. Copy it now: it is not shown again.</h3>
      <div class="secret"><code>${secret}</code><stele-copy text=${secret} label="Copy the token"></stele-copy></div>
      <p class="small quiet">Try it:</p>
      <div class="secret">
        <pre class="small">${example}</pre>
        <stele-copy text=${example} label="Copy the command"></stele-copy>
      </div>
      <div>
        <wa-button appearance="outlined" size="s" @click=${() => (this.created = undefined)}>I have it</wa-button>
      </div>
    </div>`;
  }

  #content(): TemplateResult {
    const { state, error, items } = this.#list;
    if (state === 'failed') {
      return html`<stele-error
        what="Your tokens could not be read"
        .error=${error}
        retryable
        @retry=${() => this.#list.refresh()}
      ></stele-error>`;
    }
    if (state === 'loading') return this.waiting('your tokens');
    if (items.length === 0) {
      return html`<stele-empty icon="key" heading="No tokens"
        >Make one to launch tasks from a script, or to read results from another program.</stele-empty
      >`;
    }
    return html`<ul class="card list">
      ${items.map((token) => this.#row(token))}
    </ul>`;
  }

  #row(token: ApiTokenItem): TemplateResult {
    const isOver = Date.parse(token.expiresAt) < Date.now();
    return html`<li class="line">
      <stele-icon name="key"></stele-icon>
      <div>
        <div class="row">
          <span class="name" dir="auto">${token.name}</span>
          <span class="tag">${token.scope === 'write' ? 'Reads and changes' : 'Reads'}</span>
          ${isOver ? html`<span class="tag off">Expired</span>` : nothing}
        </div>
        <p class="quiet small">
          <code>${token.prefix}…</code> · ${isOver ? 'ended' : 'ends'} <stele-time at=${token.expiresAt}></stele-time> ·
          ${token.lastUsedAt ? html`used <stele-time at=${token.lastUsedAt}></stele-time>` : 'never used'}
        </p>
      </div>
      <wa-button appearance="outlined" size="s" aria-label="Revoke ${token.name}" @click=${() => this.#revoke(token)}
        >Revoke</wa-button
      >
    </li>`;
  }

  get #form(): SteleForm | null {
    return this.renderRoot.querySelector('stele-form');
  }

  #open(): void {
    this.start = {};
    this.problem = undefined;
    this.isOpen = true;
  }

  async #make(): Promise<void> {
    const { name, scope, days } = this.#form?.value ?? {};
    this.isSending = true;
    this.problem = undefined;
    try {
      this.created = await this.host.api.post<ApiTokenCreated>('/tokens', { name, scope, days });
      this.#list.put(this.created.token);
      this.isOpen = false;
      this.host.toasts.announce('The token is made. Copy it now: it is not shown again.');
    } catch (error) {
      this.problem = error;
    } finally {
      this.isSending = false;
    }
  }

  async #revoke(token: ApiTokenItem): Promise<void> {
    const text = 'Whatever uses it is refused from now on. This can’t be undone.';
    if (!(await confirm({ title: `Revoke “${token.name}”?`, text, action: 'Revoke', dangerous: true }))) return;
    if (!(await this.run('The token could not be revoked', () => this.host.api.delete(`/tokens/${token.id}`)))) return;
    this.#list.remove(token.id);
    if (this.created?.token.id === token.id) this.created = undefined;
    this.host.toasts.show({ text: `“${token.name}” is revoked.`, tone: 'done' });
  }
}
