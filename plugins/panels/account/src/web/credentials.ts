import type { CheckResult, OwnCredentialItem } from '@stele/sdk/api';
import { confirm, LiveList, type Status } from '@stele/sdk/web';
import { nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { html } from 'lit/static-html.js';
import { formDialog, type FormValue } from './form-dialog.ts';
import { Section } from './section.ts';

const states: Readonly<Record<OwnCredentialItem['state'], Status>> = {
  missing: { word: 'Not entered yet', icon: 'circle-question', tone: 'ended' },
  set: { word: 'Entered', icon: 'circle-check', tone: 'ready' },
  moved: { word: 'To be entered again', icon: 'triangle-alert', tone: 'attention' },
};
const roads = { computing: '/computing', storage: '/storages' } as const;

/** What one proves oneself with on resources that want each user’s own token or key pair. */
export class CredentialsSection extends Section {
  static override properties: PropertyDeclarations = {
    edited: { state: true },
    results: { state: true },
    checking: { state: true },
  };

  declare private edited: OwnCredentialItem | undefined;
  /** What the last check of each found, by id. */
  declare private results: ReadonlyMap<string, CheckResult>;
  declare private checking: string | undefined;
  readonly #list = new LiveList<OwnCredentialItem>(this, {
    load: (signal) => this.host.api.all<OwnCredentialItem>('/credentials', { signal }),
    listen: (list) => [
      this.host.events.on('resource', () => void list.refresh()),
      this.host.events.on('resync', () => void list.refresh()),
    ],
  });

  constructor() {
    super();
    this.results = new Map();
  }

  override render(): TemplateResult {
    return html`<section aria-label="Your credentials">
        <div class="top">
          <div>
            <h2>Your credentials</h2>
            <p>Tokens and keys for storages and computing where you work under your own name. They are kept encrypted, and never shown again.</p>
          </div>
        </div>
        ${this.insteadOf(this.#list, 'your credentials') ?? this.#content()}
      </section>
      <${formDialog}
        label=${`Credentials for ${this.edited?.name ?? ''}`}
        action="Save"
        .open=${this.edited !== undefined}
        .schema=${this.edited?.schema ?? {}}
        .start=${this.edited?.values}
        .kept=${new Set(this.edited?.secrets)}
        .prefix=${'credentials'}
        .send=${(value: FormValue) => this.#save(value)}
        @close=${() => (this.edited = undefined)}
      ></${formDialog}>`;
  }

  #content(): TemplateResult {
    const { items } = this.#list;
    if (items.length === 0) {
      return html`<stele-empty icon="lock" heading="Nothing to enter"
        >Nothing that you may use asks for credentials of your own.</stele-empty
      >`;
    }
    return html`<ul class="card list">
      ${items.map((item) => this.#row(item))}
    </ul>`;
  }

  #row(item: OwnCredentialItem): TemplateResult {
    const result = this.results.get(item.id);
    return html`<li class="line">
      <stele-icon name=${item.resource === 'storage' ? 'folder' : 'server'}></stele-icon>
      <div>
        <h3 class="name" dir="auto">${item.name}</h3>
        <div class="row small">
          <stele-status .status=${states[item.state]}></stele-status>
          ${item.updatedAt ? html`<span class="quiet"><stele-time at=${item.updatedAt}></stele-time></span>` : nothing}
        </div>
        <p class="small" role="status">${result ? (result.ok ? 'You get in.' : result.reason) : ''}</p>
      </div>
      <div class="row">
        ${
          item.state === 'set'
            ? html`<wa-button
                size="s"
                appearance="outlined"
                ?loading=${this.checking === item.id}
                @click=${() => void this.#check(item)}
                >Check<span class="visually-hidden"> ${item.name}</span></wa-button
              >`
            : nothing
        }
        <wa-button size="s" appearance="outlined" @click=${() => (this.edited = item)}
          >${item.state === 'set' ? 'Change' : 'Enter'}<span class="visually-hidden">
            credentials for ${item.name}</span
          ></wa-button
        >
        ${
          item.state === 'missing'
            ? nothing
            : html`<stele-icon-button
                icon="trash"
                label="Forget credentials for ${item.name}"
                @click=${() => void this.#forget(item)}
              ></stele-icon-button>`
        }
      </div>
    </li>`;
  }

  async #save(values: FormValue): Promise<void> {
    const { edited } = this;
    if (!edited) return;
    const item = await this.host.api.put<OwnCredentialItem>(`/credentials/${edited.id}`, { values });
    this.#list.put(item);
    void this.#check(item);
  }

  async #check({ id, name, resource }: OwnCredentialItem): Promise<void> {
    this.checking = id;
    await this.run(`${name} could not be checked`, async () => {
      const path = `${roads[resource]}/${id}/check`;
      const result = await this.host.api.post<CheckResult>(path, undefined, { signal: this.signal });
      this.results = new Map([...this.results, [id, result]]);
    });
    if (this.checking === id) this.checking = undefined;
  }

  async #forget({ id, name }: OwnCredentialItem): Promise<void> {
    const isSure = await confirm({
      title: `Forget your credentials for “${name}”?`,
      text: 'You can’t work there until you enter them again. What they open is not touched.',
      action: 'Forget',
      dangerous: true,
    });
    if (!isSure) return;
    await this.run(`Your credentials for ${name} could not be forgotten`, () =>
      this.host.api.delete(`/credentials/${id}`),
    );
    await this.#list.refresh();
  }
}
