import type { KeyItem } from '@stele/sdk/api';
import { confirm, LiveList } from '@stele/sdk/web';
import { css, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { html } from 'lit/static-html.js';
import { authorizeCommand } from './authorize.ts';
import { formDialog, type FormValue } from './form-dialog.ts';
import { secretLine } from './once.ts';
import { Section } from './section.ts';

const schema = {
  type: 'object',
  properties: {
    certificate: {
      type: 'string',
      title: 'Certificate',
      'x-multiline': true,
      maxLength: 8192,
      description: 'The line of the -cert.pub file that your site has made for the key. Leave it empty to have none.',
    },
  },
};

/** An SSH key: its public line, what to do with it, and how it is replaced. */
export class KeySection extends Section {
  static override properties: PropertyDeclarations = {
    heading: {},
    about: {},
    path: {},
    isCertifying: { state: true },
    isBusy: { state: true },
  };
  static override styles = [
    Section.styles,
    css`
      .parts {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--stele-space-4);
      }
      .facts {
        overflow-wrap: anywhere;
      }
      .before {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--stele-space-3);
        padding: var(--stele-space-3) var(--stele-space-4);
        border-radius: var(--stele-radius-m);
        background: var(--stele-attention-quiet);
      }
    `,
  ];

  declare heading: string;
  /** What the key is for. */
  declare about: string;
  /** Where the API has it. */
  declare path: string;
  declare private isCertifying: boolean;
  declare private isBusy: boolean;
  readonly #keys = new LiveList<KeyItem>(this, { load: (signal) => this.#load(signal), listen: () => [] });

  override render(): TemplateResult {
    return html`<section aria-label=${this.heading}>
        <div class="top">
          <div>
            <h2>${this.heading}</h2>
            <p>${this.about}</p>
          </div>
        </div>
        ${this.insteadOf(this.#keys, 'the key') ?? this.#content()}
      </section>
      <${formDialog}
        label="Certificate for the key"
        action="Save"
        .schema=${schema}
        .start=${{ certificate: this.#current?.certificate ?? '' }}
        .open=${this.isCertifying}
        .send=${(value: FormValue) => this.#certify(value)}
        @close=${() => (this.isCertifying = false)}
      ></${formDialog}>`;
  }

  get #current(): KeyItem | undefined {
    return this.#keys.items.find(({ replacedAt }) => replacedAt === undefined);
  }

  get #previous(): KeyItem | undefined {
    return this.#keys.items.find(({ replacedAt }) => replacedAt !== undefined);
  }

  /** Whoever looks for a key wants one: the first look makes it. */
  async #load(signal: AbortSignal): Promise<readonly KeyItem[]> {
    const keys = await this.host.api.all<KeyItem>(this.path, { signal });
    return keys.length > 0 ? keys : [await this.host.api.post<KeyItem>(this.path, undefined, { signal })];
  }

  #content(): TemplateResult | typeof nothing {
    const key = this.#current;
    if (!key) return nothing;
    const command = authorizeCommand(key.publicKey);
    return html`<div class="card parts">
      ${this.#previous ? this.#before(this.#previous) : nothing}
      ${secretLine(html`<code>${key.publicKey}</code>`, key.publicKey, 'Copy the public key')}
      <p class="quiet small facts">
        <code>${key.fingerprint}</code> · made <stele-time at=${key.createdAt}></stele-time>${
          key.certificate ? ' · with a certificate' : ''
        }
      </p>
      <div class="stack">
        <h3>Add it to an account</h3>
        <p>
          Append the line to <code>~/.ssh/authorized_keys</code> of the account. Or log in there the way you do now, and
          paste this:
        </p>
        ${secretLine(html`<pre class="small">${command}</pre>`, command, 'Copy the command')}
      </div>
      <div class="row">
        <wa-button
          appearance="outlined"
          ?loading=${this.isBusy}
          ?disabled=${this.#previous !== undefined}
          @click=${this.#rotate}
          >Replace key</wa-button
        >
        <wa-button appearance="plain" @click=${() => (this.isCertifying = true)}
          >${key.certificate ? 'Change certificate' : 'Add certificate'}</wa-button
        >
      </div>
    </div>`;
  }

  #before(key: KeyItem): TemplateResult {
    return html`<div class="before" role="group" aria-label="The key before">
      <p>
        The key was replaced <stele-time at=${key.replacedAt ?? ''}></stele-time>. The one before still opens what does
        not know the new one, so that running tasks stay within reach. Add the new line wherever the old one is; then
        let the old one go.
      </p>
      <p class="small facts">The one before: <code>${key.fingerprint}</code></p>
      <div>
        <wa-button appearance="outlined" size="s" ?loading=${this.isBusy} @click=${this.#drop}
          >It is replaced everywhere</wa-button
        >
      </div>
    </div>`;
  }

  async #rotate(): Promise<void> {
    const text =
      'A new key is made. The one so far goes on working until you say that the new one is known everywhere.';
    if (!(await confirm({ title: 'Replace the key?', text, action: 'Replace key' }))) return;
    await this.#change('The key could not be replaced', 'There is a new key. Add it where the old one is.', () =>
      this.host.api.post(`${this.path}/rotate`),
    );
  }

  async #drop(): Promise<void> {
    const text = 'Whatever knows only the old key can’t be reached any more, running tasks included.';
    const title = 'Is the key replaced everywhere?';
    if (!(await confirm({ title, text, action: 'Let the old one go', dangerous: true }))) return;
    await this.#change('The old key could not be dropped', 'The old key is gone.', () =>
      this.host.api.delete(`${this.path}/previous`),
    );
  }

  async #change(what: string, done: string, action: () => Promise<unknown>): Promise<void> {
    this.isBusy = true;
    const isDone = await this.run(what, action);
    if (isDone) this.host.toasts.show({ text: done, tone: 'done' });
    await this.#keys.refresh();
    this.isBusy = false;
  }

  async #certify({ certificate }: FormValue): Promise<void> {
    const line = typeof certificate === 'string' ? certificate.trim() : '';
    const key = await this.host.api.put<KeyItem>(`${this.path}/certificate`, {
      certificate: line === '' ? null : line,
    });
    this.#keys.put(key);
    this.host.toasts.show({ text: 'The certificate is saved.', tone: 'done' });
  }
}
