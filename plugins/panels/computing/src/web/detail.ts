import { ContextConsumer } from '@lit/context';
import type { CheckResult, Computing, Health, ResourceKinds } from '@stele/sdk/api';
import {
  accessTitle,
  baseStyles,
  credentialsTitle,
  healthStatus,
  hostContext,
  isAbort,
  ownerWords,
} from '@stele/sdk/web';
import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { type Offer, offerText, patchFor } from './offer.ts';
import { detailStyles } from './styles.ts';
import { anyEngineWords, engineWords, kindLine } from './words.ts';

/** Part of the account page where users set up credentials of their own. */
const own: Readonly<Record<string, string>> = { 'user-keys': 'ssh', 'user-token': 'credentials' };

/** The sheet about one computing: what it is, and how it is right now. Fires `close`, `edit`, `remove`, and `checked` (CustomEvent of its health). */
export class ComputingDetail extends LitElement {
  static override properties: PropertyDeclarations = {
    computing: { attribute: false },
    kinds: { attribute: false },
    isOpen: { type: Boolean },
    isGone: { type: Boolean },
    result: { state: true },
    problem: { state: true },
    isChecking: { state: true },
    isTrusting: { state: true },
  };
  static override styles = [baseStyles, detailStyles];

  declare computing: Computing | undefined;
  declare kinds: ResourceKinds | undefined;
  declare isOpen: boolean;
  declare isGone: boolean;
  declare private result: CheckResult | undefined;
  declare private problem: unknown;
  declare private isChecking: boolean;
  declare private isTrusting: boolean;
  readonly #host = new ContextConsumer(this, { context: hostContext });
  #asking: AbortController | undefined;
  #asked: string | undefined;
  /** Kept while the sheet closes, so that it does not empty before the eye. */
  #last: Computing | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking?.abort();
  }

  override willUpdate(): void {
    if (this.computing) this.#last = this.computing;
    const id = this.isOpen ? this.computing?.id : undefined;
    if (id === this.#asked) return;
    this.#asked = id;
    this.#asking?.abort();
    this.result = undefined;
    this.problem = undefined;
    if (id !== undefined && this.computing?.rights.use) void this.#check();
  }

  override render(): TemplateResult {
    const computing = this.computing ?? this.#last;
    const isGone = this.isGone || !computing;
    return html`<stele-sheet
      label=${isGone ? 'Not there' : computing.name}
      .open=${this.isOpen}
      @close=${() => this.#say('close')}
    >
      ${
        isGone
          ? html`<stele-empty icon="server" heading="This computing is not there"
              >It was deleted, or is not shared with you.</stele-empty
            >`
          : this.#about(computing)
      }
      ${
        !isGone && computing.rights.change
          ? html`<div slot="footer" class="row end">
              <wa-button variant="danger" appearance="plain" @click=${() => this.#say('remove')}>Delete</wa-button>
              <wa-button appearance="outlined" @click=${() => this.#say('edit')}>Edit</wa-button>
            </div>`
          : nothing
      }
    </stele-sheet>`;
  }

  #about(computing: Computing): TemplateResult {
    const engines = engineWords(computing, this.kinds);
    return html`<div class="stack">
      ${this.#health(computing)} ${computing.rights.use ? this.#live() : nothing}
      <section>
        <h3>Set-up</h3>
        <dl>
          ${row('Kind', kindLine(computing, this.kinds).split(' · ')[0])}
          ${row('Reached by', accessTitle(computing, this.kinds))}
          ${row('Credentials', credentialsTitle(computing.auth))}
          ${row('Engines', engines.length > 0 ? engines.join(', ') : anyEngineWords(computing, this.kinds))}
          ${row('Belongs to', ownerWords(computing.owner, this.#host.value?.session.user.id ?? ''))}
          ${row('Added', html`<stele-time at=${computing.createdAt}></stele-time>`)}
        </dl>
      </section>
      ${
        computing.isDeclared
          ? html`<p class="note">
              <stele-icon name="lock"></stele-icon
              ><span>It is declared in the site file and is changed there, not here.</span>
            </p>`
          : nothing
      }
    </div>`;
  }

  /** What the check found a moment ago is newer than what the server remembers. */
  #health({ health }: Computing): TemplateResult {
    const { result } = this;
    const now = result ? healthAfter(health, result) : health;
    return html`<section class="health">
      <div class="row">
        <stele-status .status=${healthStatus(now)}></stele-status>
        ${!result && health.since ? html`<span class="quiet small">since <stele-time clock at=${health.since}></stele-time></span>` : nothing}
        ${result ? html`<span class="quiet small">asked just now</span>` : nothing}
      </div>
      ${now.reason ? html`<p>${now.reason}</p>` : nothing}
      ${result?.code ? html`<code class="quiet small">${result.code}</code>` : nothing}
      ${result?.offer ? this.#offer(result.offer) : nothing} ${this.#account(result)}
    </section>`;
  }

  /** What it showed of itself: people compare it with what they know, and only then trust it. */
  #offer(offer: Offer): TemplateResult {
    const text = offerText(offer);
    return html`<div class="stack" role="group" aria-label="What it showed">
      <p>Compare it with what the people who run the host tell you. Trust it only if it is the same.</p>
      <div class="row">
        <code class="grow small">${text}</code><stele-copy text=${text} label="Copy the key"></stele-copy>
      </div>
      ${
        this.computing?.rights.change
          ? html`<div>
              <wa-button variant="brand" ?loading=${this.isTrusting} @click=${() => this.#trust(offer)}
                >Trust this key</wa-button
              >
            </div>`
          : html`<p class="quiet small">It goes into the site file, as <code>${offer.field}</code>.</p>`
      }
    </div>`;
  }

  /** Where credentials are each user’s own, what is refused may be for the user to set up. */
  #account(result: CheckResult | undefined): TemplateResult | typeof nothing {
    const host = this.#host.value;
    const place = own[this.computing?.auth ?? ''];
    if (!host || result?.code !== 'DENIED' || place === undefined) return nothing;
    const href = host.navigation.href({ panel: 'account', path: [place] });
    return html`<p><a href=${href}>Set up your account there</a></p>`;
  }

  #live(): TemplateResult {
    return html`<section>
      <div class="row head">
        <h3 class="grow">Right now</h3>
        <wa-button appearance="outlined" size="s" ?loading=${this.isChecking} @click=${this.#check}>
          <stele-icon slot="start" name="refresh"></stele-icon>Check
        </wa-button>
      </div>
      <div role="status" class="visually-hidden">
        ${this.result ? [this.result.ok ? 'It answers.' : '', this.result.reason].join(' ').trim() : ''}
      </div>
      ${this.#facts()}
    </section>`;
  }

  #facts(): TemplateResult {
    if (this.problem !== undefined)
      return html`<stele-error what="It could not be asked" .error=${this.problem}></stele-error>`;
    if (!this.result) {
      return html`<stele-loading what="an answer"
        ><dl>
          ${[1, 2, 3, 4].map(
            () =>
              html`<dt><stele-skeleton></stele-skeleton></dt>
                <dd><stele-skeleton></stele-skeleton></dd>`,
          )}
        </dl></stele-loading
      >`;
    }
    if (this.result.facts.length === 0) return html`<p class="quiet">It told nothing about itself.</p>`;
    return html`<dl class="numbers">${this.result.facts.map(({ label, value }) => row(label, value))}</dl>`;
  }

  async #check(): Promise<void> {
    const { computing } = this;
    const api = this.#host.value?.api;
    if (!computing || !api) return;
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    this.isChecking = true;
    this.problem = undefined;
    try {
      this.result = await api.post<CheckResult>(`/computing/${computing.id}/check`, undefined, {
        signal: asking.signal,
      });
      this.dispatchEvent(new CustomEvent('checked', { detail: healthAfter(computing.health, this.result) }));
    } catch (error) {
      if (!isAbort(error)) this.problem = error;
    } finally {
      if (asking === this.#asking) this.isChecking = false;
    }
  }

  async #trust(offer: Offer): Promise<void> {
    const { computing } = this;
    const host = this.#host.value;
    const patch = computing && patchFor(computing, offer);
    if (!host || !computing || !patch) return;
    this.isTrusting = true;
    try {
      await host.api.patch(`/computing/${computing.id}`, patch);
      await this.#check();
    } catch (error) {
      host.toasts.problem(error, 'The key could not be saved');
    } finally {
      this.isTrusting = false;
    }
  }

  #say(name: string): void {
    this.dispatchEvent(new Event(name));
  }
}

/** What the server will say of it from now on, as far as can be told. */
function healthAfter(before: Health, { ok, reason, code }: CheckResult): Health {
  const state = ok ? 'ok' : 'failing';
  const since = before.state === state ? before.since : new Date().toISOString();
  const why = { ...(reason === undefined ? {} : { reason }), ...(code === undefined ? {} : { code }) };
  return { state, ...why, ...(since === undefined ? {} : { since }) };
}

function row(label: string, value: unknown): TemplateResult {
  return html`<dt>${label}</dt>
    <dd dir="auto">${value}</dd>`;
}
