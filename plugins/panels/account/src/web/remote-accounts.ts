import type { RemoteAccountItem } from '@stele/sdk/api';
import { LiveList, type Status } from '@stele/sdk/web';
import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { secretLine } from './once.ts';
import { Section } from './section.ts';

const states: Readonly<Record<RemoteAccountItem['state'], Status>> = {
  unchecked: { word: 'Not tried yet', icon: 'circle-question', tone: 'ended' },
  ok: { word: 'You get in', icon: 'circle-check', tone: 'ready' },
  replacing: { word: 'By the key before', icon: 'key', tone: 'attention' },
  failing: { word: 'You don’t get in', icon: 'triangle-alert', tone: 'attention' },
};

/** Who one is on the resources that are used with keys of their users, and whether one gets in there. */
export class RemoteAccountsSection extends Section {
  static override properties: PropertyDeclarations = { checking: { state: true } };
  static override styles = [
    Section.styles,
    css`
      .account {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--stele-space-3);
        padding: var(--stele-space-4);
      }
      .account + .account {
        border-block-start: 1px solid var(--stele-border);
      }
      .field {
        display: flex;
        flex-wrap: wrap;
        gap: var(--stele-space-2) var(--stele-space-3);
        align-items: end;
      }
      .field label {
        display: grid;
        gap: var(--stele-space-1);
        flex: 0 1 18rem;
      }
      /* Labels are bold; what is typed into them is not. */
      .field input {
        font-weight: 400;
      }
      .field wa-button::part(base) {
        min-block-size: 38px;
      }
      .wrong {
        color: var(--stele-attention);
      }
    `,
  ];

  /** Ids of what is being asked. */
  declare private checking: ReadonlySet<string>;
  readonly #typed = new Map<string, string>();
  readonly #list = new LiveList<RemoteAccountItem>(this, {
    load: (signal) => this.host.api.all<RemoteAccountItem>('/accounts', { signal }),
    listen: (list) => [
      this.host.events.on('resource', ({ kind }) => void (kind === 'computing' && list.refresh())),
      this.host.events.on('resync', () => void list.refresh()),
    ],
  });

  constructor() {
    super();
    this.checking = new Set();
  }

  override render(): TemplateResult {
    return html`<section aria-label="Your accounts on resources">
      <div class="top">
        <div>
          <h2>Your accounts on resources</h2>
          <p>Computing where you work under your own name. Check tries whether you get in, right now.</p>
        </div>
      </div>
      ${this.insteadOf(this.#list, 'your accounts') ?? this.#content()}
    </section>`;
  }

  #content(): TemplateResult {
    const { items } = this.#list;
    if (items.length === 0) {
      return html`<stele-empty icon="server" heading="Nothing to set up"
        >No computing that you may use asks for an account of your own.</stele-empty
      >`;
    }
    return html`<ul class="card list">
      ${items.map((item) => this.#row(item))}
    </ul>`;
  }

  #row(item: RemoteAccountItem): TemplateResult {
    const isChecking = this.checking.has(item.id);
    return html`<li class="account">
      <div class="row">
        <h3 class="name grow" dir="auto">${item.name}</h3>
        <stele-status .status=${states[item.state]}></stele-status>
        ${item.checkedAt ? html`<span class="quiet small"><stele-time at=${item.checkedAt}></stele-time></span>` : nothing}
      </div>
      <form class="field" @submit=${(event: Event) => this.#submit(event, item)}>
        <label
          ><span class="small quiet">User name there</span>
          <input
            maxlength="32"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            aria-label="User name on ${item.name}"
            placeholder=${item.fallback}
            .value=${live(this.#typed.get(item.id) ?? item.username ?? '')}
            @input=${(event: Event) => this.#typed.set(item.id, (event.target as HTMLInputElement).value)}
          />
        </label>
        <wa-button type="submit" appearance="outlined" ?loading=${isChecking}
          >Check<span class="visually-hidden"> ${item.name}</span></wa-button
        >
      </form>
      <div class="stack" role="status">${isChecking ? nothing : this.#found(item)}</div>
    </li>`;
  }

  #found({ reason, missing, line }: RemoteAccountItem): TemplateResult {
    return html`${reason ? html`<p class="wrong">${reason}</p>` : nothing}
    ${missing ? html`<p>${missing}</p>` : nothing}
    ${line ? secretLine(html`<code class="small">${line}</code>`, line, 'Copy the line') : nothing}`;
  }

  /** Saves the name as it is typed, and tries it. */
  #submit(event: Event, item: RemoteAccountItem): void {
    event.preventDefault();
    if (!this.checking.has(item.id)) void this.#check(item);
  }

  async #check({ id, name, username = '' }: RemoteAccountItem): Promise<void> {
    const typed = (this.#typed.get(id) ?? username).trim();
    this.checking = new Set([...this.checking, id]);
    await this.run(`${name} could not be checked`, async () => {
      const { api } = this.host;
      if (typed !== username)
        this.#list.put(await api.put<RemoteAccountItem>(`/accounts/${id}`, { username: typed || null }));
      this.#typed.delete(id);
      this.#list.put(await api.post<RemoteAccountItem>(`/accounts/${id}/check`, undefined, { signal: this.signal }));
    });
    this.checking = new Set([...this.checking].filter((one) => one !== id));
  }
}
