import { ContextConsumer } from '@lit/context';
import { baseStyles, cardStyles, controlStyles, hostContext, isAbort, type Host, type LiveList } from '@stele/sdk/web';
import { css, html, LitElement, type CSSResultGroup, type TemplateResult } from 'lit';

/** What the sections of the panel have in common: the page's host, a way to run things, a look. */
export class Section extends LitElement {
  static override styles: CSSResultGroup = [
    baseStyles,
    cardStyles,
    controlStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--stele-space-8);
        max-inline-size: 52rem;
      }
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--stele-space-4);
      }
      .top {
        display: flex;
        flex-wrap: wrap;
        gap: var(--stele-space-2) var(--stele-space-4);
        align-items: center;
        justify-content: space-between;
      }
      .top > div {
        flex: 1 1 18rem;
      }
      .top p {
        margin-block-start: var(--stele-space-1);
        color: var(--stele-text-quiet);
      }
      .form {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--stele-space-5);
        max-inline-size: 30rem;
      }
      .list {
        overflow: hidden;
        padding: 0;
      }
      .line {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        gap: var(--stele-space-3);
        align-items: center;
        min-block-size: 64px;
        padding: var(--stele-space-3) var(--stele-space-4);
      }
      .line + .line {
        border-block-start: 1px solid var(--stele-border);
      }
      .line > stele-icon {
        color: var(--stele-text-quiet);
        font-size: 18px;
      }
      .name {
        font-weight: 560;
        overflow-wrap: anywhere;
      }
      .tag {
        display: inline-block;
        padding: 0 8px;
        border-radius: var(--stele-radius-pill);
        background: var(--stele-ended-quiet);
        color: var(--stele-text-quiet);
        font-size: var(--stele-size-s);
        font-weight: 500;
        white-space: nowrap;
      }
      .tag.here {
        background: var(--stele-ready-quiet);
        color: var(--stele-ready);
      }
      .tag.off {
        background: var(--stele-attention-quiet);
        color: var(--stele-attention);
      }
      .once {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--stele-space-3);
        border-color: color-mix(in oklab, var(--stele-accent) 40%, transparent);
        background: var(--stele-accent-quiet);
      }
      .secret {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: var(--stele-space-2);
        align-items: center;
        padding-inline-start: var(--stele-space-3);
        border: 1px solid var(--stele-border);
        border-radius: var(--stele-radius-m);
        background: var(--stele-surface);
      }
      .secret code,
      .secret pre {
        padding-block: var(--stele-space-2);
        white-space: pre-wrap;
      }
      stele-skeleton {
        block-size: 64px;
        border-radius: var(--stele-radius-m);
        margin-block-end: var(--stele-space-2);
      }
      select.short {
        inline-size: auto;
      }
      @media (max-width: 479px) {
        .line {
          grid-template-columns: minmax(0, 1fr) auto;
        }
        .line > stele-icon {
          display: none;
        }
      }
    `,
  ];

  readonly #context = new ContextConsumer(this, { context: hostContext });
  #leaving = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leaving = new AbortController();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leaving.abort();
  }

  /** The page. Only while the section is in it. */
  protected get host(): Host {
    if (!this.#context.value) throw new Error('This section is not in the page.');
    return this.#context.value;
  }

  /** Aborted when the section leaves the page. */
  protected get signal(): AbortSignal {
    return this.#leaving.signal;
  }

  /** Runs what a user asked for; a failure becomes a toast. @returns whether it worked */
  protected async run(what: string, action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      if (!isAbort(error)) this.host.toasts.problem(error, what);
      return false;
    }
  }

  /** What stands in the place of rows that are not here yet, or could not be read; nothing when they are here. */
  protected insteadOf<T extends { readonly id: string }>(list: LiveList<T>, what: string): TemplateResult | undefined {
    if (list.state === 'loading') return this.waiting(what);
    if (list.state === 'ready') return undefined;
    return html`<stele-error
      what="${what.charAt(0).toUpperCase()}${what.slice(1)} could not be read"
      .error=${list.error}
      retryable
      @retry=${() => list.refresh()}
    ></stele-error>`;
  }

  /** Rows that are still being read. */
  protected waiting(what: string): TemplateResult {
    return html`<stele-loading what=${what}
      >${[1, 2, 3].map(() => html`<stele-skeleton></stele-skeleton>`)}</stele-loading
    >`;
  }
}
