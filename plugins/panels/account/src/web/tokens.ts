import type { ApiTokenCreated, ApiTokenItem } from '@stele/sdk/api';
import { confirm, LiveList } from '@stele/sdk/web';
import { nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { html } from 'lit/static-html.js';
import { curlExample } from './curl.ts';
import { formDialog, type FormValue } from './form-dialog.ts';
import { onceCard, secretLine } from './once.ts';
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
  };

  declare private created: ApiTokenCreated | undefined;
  declare private isOpen: boolean;
  readonly #list = new LiveList<ApiTokenItem>(this, {
    load: (signal) => this.host.api.all<ApiTokenItem>('/tokens', { signal }),
    listen: () => [],
  });

  override render(): TemplateResult {
    return html`<section>
        <div class="top">
          <div>
            <h2>API tokens</h2>
            <p>With a token, a script or another program acts as you.</p>
          </div>
          <wa-button variant="brand" @click=${() => (this.isOpen = true)}
            ><stele-icon slot="start" name="plus"></stele-icon>Make token</wa-button
          >
        </div>
        ${this.created ? this.#once(this.created) : nothing} ${this.#content()}
      </section>
      <${formDialog}
        label="Make a token"
        action="Make token"
        .schema=${schema}
        .open=${this.isOpen}
        .send=${(value: FormValue) => this.#make(value)}
        @close=${() => (this.isOpen = false)}
      ></${formDialog}>`;
  }

  #once({ token, secret }: ApiTokenCreated): TemplateResult {
    const example = curlExample(location.origin, secret);
    return onceCard({
      label: 'The new token',
      icon: 'key',
      heading: `“${token.name}” is made. Copy it now: it is not shown again.`,
      secret,
      copy: 'Copy the token',
      more: html`<p class="small quiet">Try it:</p>
        ${secretLine(html`<pre class="small">${example}</pre>`, example, 'Copy the command')}`,
      done: () => (this.created = undefined),
    });
  }

  #content(): TemplateResult {
    const instead = this.insteadOf(this.#list, 'your tokens');
    if (instead) return instead;
    const { items } = this.#list;
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
      <wa-button appearance="outlined" size="s" @click=${() => this.#revoke(token)}
        >Revoke<span class="visually-hidden"> ${token.name}</span></wa-button
      >
    </li>`;
  }

  async #make({ name, scope, days }: FormValue): Promise<void> {
    this.created = await this.host.api.post<ApiTokenCreated>('/tokens', { name, scope, days });
    this.#list.put(this.created.token);
    this.host.toasts.announce('The token is made. Copy it now: it is not shown again.');
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
