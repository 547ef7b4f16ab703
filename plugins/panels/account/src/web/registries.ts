import type { RegistryItem } from '@stele/sdk/api';
import { confirm, LiveList } from '@stele/sdk/web';
import { css, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { html } from 'lit/static-html.js';
import { formDialog, type FormValue } from './form-dialog.ts';
import { newRegistry, registryForm, registryPatch, registryStart, useOf } from './registry-form.ts';
import { Section } from './section.ts';

const keptPassword: ReadonlySet<string> = new Set(['password']);
const nothingKept: ReadonlySet<string> = new Set();

/** Accounts with which images of private registries are fetched: one’s own, those of one’s groups, and the platform’s. */
export class RegistriesSection extends Section {
  static override properties: PropertyDeclarations = { edited: { state: true } };
  static override styles = [
    Section.styles,
    css`
      .facts {
        margin-block-start: var(--stele-space-1);
      }
      .who {
        overflow-wrap: anywhere;
      }
    `,
  ];

  /** What is being replaced; `new` for what is entered. */
  declare private edited: RegistryItem | 'new' | undefined;
  readonly #list = new LiveList<RegistryItem>(this, {
    load: (signal) => this.host.api.all<RegistryItem>('/registries', { signal }),
    listen: (list) => [this.host.events.on('resync', () => void list.refresh())],
  });

  override render(): TemplateResult {
    return html`<section aria-label="Registries">
        <div class="top">
          <div>
            <h2>Registries</h2>
            <p>
              Accounts with which images of private registries are fetched. Passwords are kept encrypted, go to their
              registry alone, and are never shown again.
            </p>
          </div>
          <wa-button variant="brand" @click=${() => (this.edited = 'new')}
            ><stele-icon slot="start" name="plus"></stele-icon>Add registry</wa-button
          >
        </div>
        ${this.insteadOf(this.#list, 'the registries') ?? this.#content()}
      </section>
      ${this.#dialog()}`;
  }

  get #old(): RegistryItem | undefined {
    return typeof this.edited === 'object' ? this.edited : undefined;
  }

  #dialog(): TemplateResult {
    const old = this.#old;
    return html`<${formDialog}
      label=${old ? `Account at ${old.registry}` : 'Add a registry'}
      action=${old ? 'Replace' : 'Add registry'}
      .open=${this.edited !== undefined}
      .schema=${registryForm(this.host.session.user, old)}
      .start=${registryStart(this.host.session.user, old)}
      .kept=${old ? keptPassword : nothingKept}
      .send=${(value: FormValue) => this.#save(value)}
      @close=${() => (this.edited = undefined)}
    ></${formDialog}>`;
  }

  #content(): TemplateResult {
    const { items } = this.#list;
    if (items.length === 0) {
      return html`<stele-empty icon="box" heading="No registries"
        >Public images need none. Add one to run images that ask for a log-in.</stele-empty
      >`;
    }
    return html`<ul class="card list">
      ${items.map((item) => this.#row(item))}
    </ul>`;
  }

  #row(item: RegistryItem): TemplateResult {
    const { registry, username, updatedAt, rights } = item;
    return html`<li class="line">
      <stele-icon name="box"></stele-icon>
      <div>
        <h3 class="name">${registry}</h3>
        <div class="row small facts">
          <span class="tag">${useOf(item)}</span>
          ${username === undefined ? nothing : html`<span class="quiet who" dir="auto">${username}</span>`}
          <span class="quiet">Entered <stele-time at=${updatedAt}></stele-time></span>
        </div>
      </div>
      ${rights.change ? this.#actions(item) : nothing}
    </li>`;
  }

  #actions(item: RegistryItem): TemplateResult {
    const what = `the account at ${item.registry}, for: ${useOf(item)}`;
    return html`<div class="row">
      <wa-button size="s" appearance="outlined" @click=${() => (this.edited = item)}
        >Replace<span class="visually-hidden"> ${what}</span></wa-button
      >
      <stele-icon-button
        icon="trash"
        label="Remove ${what}"
        @click=${() => void this.#remove(item)}
      ></stele-icon-button>
    </div>`;
  }

  async #save(value: FormValue): Promise<void> {
    const { api, toasts } = this.host;
    const old = this.#old;
    const saved = await (old
      ? api.patch<RegistryItem>(`/registries/${old.id}`, registryPatch(value))
      : api.post<RegistryItem>('/registries', newRegistry(value)));
    this.#list.put(saved);
    toasts.show({ text: `The account at ${saved.registry} is ${old ? 'replaced' : 'saved'}.`, tone: 'done' });
  }

  async #remove(item: RegistryItem): Promise<void> {
    const isSure = await confirm({
      title: `Remove the account at ${item.registry}?`,
      text: 'Images that it alone may read can’t be fetched any more. Running tasks go on.',
      action: 'Remove',
      dangerous: true,
    });
    if (!isSure) return;
    const path = `/registries/${item.id}`;
    if (!(await this.run('The registry could not be removed', () => this.host.api.delete(path)))) return;
    this.#list.remove(item.id);
  }
}
