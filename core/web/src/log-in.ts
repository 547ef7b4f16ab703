import type { AuthOption } from '@stele/sdk/api';
import { ApiProblem, baseStyles, cardStyles, defineOnce, isApiProblem, type SteleForm } from '@stele/sdk/web';
import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { lostLink } from './lost-link.ts';
import type { SessionStore } from './session.ts';

/** The page before anybody is logged in. The ways in come from plugins; each form is made from its schema. */
class LogInPage extends LitElement {
  static override properties: PropertyDeclarations = {
    session: { attribute: false },
    site: {},
    notice: {},
    isLinking: { attribute: false },
    options: { state: true },
    problem: { state: true },
    fault: { state: true },
    isBusy: { state: true },
    leaving: { state: true },
    obstacle: { state: true },
  };
  static override styles = [
    baseStyles,
    cardStyles,
    css`
      :host {
        display: grid;
        place-content: safe center;
        grid-template-columns: minmax(0, 25rem);
        gap: var(--stele-space-6);
        min-block-size: 100dvh;
        padding: var(--stele-space-4);
        background:
          radial-gradient(60rem 36rem at 50% -14rem, var(--stele-accent-quiet), transparent 70%), var(--stele-canvas);
      }
      .site {
        display: grid;
        justify-items: center;
        gap: var(--stele-space-3);
        text-align: center;
        overflow-wrap: anywhere;
      }
      .card {
        padding: var(--stele-space-6);
        box-shadow: var(--stele-shadow-2);
      }
      wa-button {
        inline-size: 100%;
      }
      .notice {
        padding: var(--stele-space-3) var(--stele-space-4);
        border-radius: var(--stele-radius-m);
        color: var(--stele-waiting);
        background: var(--stele-waiting-quiet);
      }
      .elsewhere p {
        color: var(--stele-text-quiet);
      }
      .lost code {
        white-space: nowrap;
      }
      .lost {
        text-align: center;
      }
    `,
  ];

  declare session: SessionStore;
  declare site: string;
  declare notice: string | undefined;
  /** The log-in says whose account an identity belongs to that was proved elsewhere. */
  declare isLinking: boolean;
  declare private options: readonly AuthOption[] | undefined;
  declare private problem: unknown;
  declare private fault: unknown;
  declare private isBusy: boolean;
  /** Id of the provider that the browser is about to leave for. */
  declare private leaving: string | undefined;
  /** Why it could not, beside the button of that provider. */
  declare private obstacle: { readonly id: string; readonly text: string } | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult {
    return html`<header class="site">
        <stele-mark></stele-mark>
        <h1>${this.site}</h1>
      </header>
      <main class="stack">
        ${this.notice ? html`<p class="notice" role="status">${this.notice}</p>` : nothing}
        ${
          this.fault
            ? html`<stele-error
                what="The ways to log in could not be read"
                .error=${this.fault}
                retryable
                @retry=${this.#load}
              ></stele-error>`
            : this.#ways()
        }
      </main>`;
  }

  #ways(): TemplateResult | typeof nothing {
    if (!this.options) return nothing;
    if (this.options.length === 0) {
      return html`<div class="card stack">
        <h2>No way to log in</h2>
        <p class="quiet">
          No plugin offers one at the moment. A one-time link that this site’s operator makes still works.
        </p>
      </div>`;
    }
    if (this.isLinking) return this.#formsToLink(this.options);
    return html`${this.options.map((option) => (option.kind === 'form' ? this.#form(option) : this.#elsewhere(option)))}
    ${this.#lostLink()}`;
  }

  #lostLink(): TemplateResult {
    const { says, command } = lostLink(location.hostname);
    return html`<p class="lost quiet small">${says} <code>${command}</code></p>`;
  }

  #formsToLink(options: readonly AuthOption[]): TemplateResult {
    const forms = options.filter(({ kind }) => kind === 'form');
    return html`${forms.map((option) => this.#form(option))}
      ${
        forms.length === 0
          ? html`<p class="quiet">
              Ask this site’s operator for a one-time link to your account, and link the two there under Security.
            </p>`
          : nothing
      } <wa-button appearance="plain" @click=${this.#linkNothing}>Don’t link, log in otherwise</wa-button>`;
  }

  /** The shell knows what waits to be linked. */
  #linkNothing(): void {
    this.dispatchEvent(new Event('decline'));
  }

  #form(option: AuthOption): TemplateResult {
    return html`<section class="card stack" aria-labelledby="t-${option.id}">
      <h2 id="t-${option.id}">${this.options?.length === 1 ? 'Log in' : option.title}</h2>
      <stele-form
        id="form-${option.id}"
        .schema=${option.fields}
        .problem=${this.problem}
        ?disabled=${this.isBusy}
        @submit=${(event: Event) => this.#send(option, event.target as SteleForm)}
      ></stele-form>
      <wa-button variant="brand" ?loading=${this.isBusy} @click=${() => this.#formOf(option).submit()}
        >${this.isLinking ? 'Log in and link' : 'Log in'}</wa-button
      >
    </section>`;
  }

  #elsewhere({ id, title, trouble }: AuthOption): TemplateResult {
    const words = this.obstacle?.id === id ? this.obstacle.text : trouble;
    return html`<div class="elsewhere stack">
      <wa-button
        appearance="outlined"
        aria-describedby=${words === undefined ? nothing : `w-${id}`}
        ?loading=${this.leaving === id}
        @click=${() => this.#leave(id)}
        >Log in with ${title}</wa-button
      >
      ${words === undefined ? nothing : html`<p id="w-${id}" role="status">${words}</p>`}
    </div>`;
  }

  async #leave(id: string): Promise<void> {
    this.leaving = id;
    this.obstacle = undefined;
    try {
      await this.session.logInAt(id);
    } catch (error) {
      if (!isApiProblem(error)) throw error;
      this.obstacle = { id, text: error.message };
      this.leaving = undefined;
    }
  }

  #formOf(option: AuthOption): SteleForm {
    return this.renderRoot.querySelector(`#form-${CSS.escape(option.id)}`) as SteleForm;
  }

  async #load(): Promise<void> {
    this.fault = undefined;
    try {
      const { items } = await this.session.api.get<{ items: readonly AuthOption[] }>('/auth');
      this.options = items.map((option) => ({ ...option, fields: forBrowsers(option.fields ?? {}) }));
      await this.updateComplete;
      // There is nothing else to do on this page.
      this.renderRoot.querySelector<SteleForm>('stele-form')?.focus();
    } catch (error) {
      this.fault = error;
    }
  }

  async #send(option: AuthOption, form: SteleForm): Promise<void> {
    this.isBusy = true;
    this.problem = undefined;
    try {
      await this.session.logIn({ ...form.value, provider: option.id });
    } catch (error) {
      if (!isApiProblem(error)) throw error;
      this.problem = besideSecret(error, option);
    } finally {
      this.isBusy = false;
    }
  }
}

/** Names and secrets that don't fit together stand beside the secret: that is what is typed again. */
function besideSecret(problem: ApiProblem, { fields }: AuthOption): ApiProblem {
  if (problem.field !== undefined || ![401, 403].includes(problem.status)) return problem;
  const properties = (fields?.['properties'] ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const field = Object.keys(properties).find((key) => properties[key]?.['x-secret'] === true);
  return new ApiProblem({ status: problem.status, code: problem.code, detail: problem.message, field }, problem);
}

/** Tells the browser's password keeper which field is which. */
function forBrowsers(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const marked = Object.entries(properties).map(([key, field]) => {
    const isName = field['format'] === 'email' || /^(user|login|email)/i.test(key);
    const keeper = field['x-secret'] === true ? 'current-password' : isName ? 'username' : 'off';
    return [key, { 'x-autocomplete': keeper, ...field }];
  });
  return { ...schema, properties: Object.fromEntries(marked) };
}

defineOnce('stele-log-in', LogInPage);
