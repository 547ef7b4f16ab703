import type { AuthOption } from '@stele/sdk/api';
import { ApiProblem, baseStyles, cardStyles, defineOnce, isApiProblem, type SteleForm } from '@stele/sdk/web';
import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { SessionStore } from './session.ts';

/** The page before anybody is logged in. The ways in come from plugins; each form is made from its schema. */
class LogInPage extends LitElement {
  static override properties: PropertyDeclarations = {
    session: { attribute: false },
    site: {},
    notice: {},
    options: { state: true },
    problem: { state: true },
    fault: { state: true },
    isBusy: { state: true },
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
    `,
  ];

  declare session: SessionStore;
  declare site: string;
  declare notice: string | undefined;
  declare private options: readonly AuthOption[] | undefined;
  declare private problem: unknown;
  declare private fault: unknown;
  declare private isBusy: boolean;

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
    return html`${this.options.map((option) => (option.kind === 'form' ? this.#form(option) : this.#link(option)))}`;
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
        >Log in</wa-button
      >
    </section>`;
  }

  #link(option: AuthOption): TemplateResult {
    return html`<wa-button appearance="outlined" href="/api/v1/auth/${encodeURIComponent(option.id)}/begin">
      Log in with ${option.title}
    </wa-button>`;
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
