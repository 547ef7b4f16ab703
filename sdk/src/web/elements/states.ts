import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { isApiProblem } from '../api/problem.ts';
import { defineOnce } from '../define.ts';
import { baseStyles } from '../styles.ts';
import './small.ts';

/**
 * `<stele-page-header heading="Software" description="…">`: the head of a panel. Default slot: actions at the end of the
 * line; slot `below`: search, filters.
 */
export class StelePageHeader extends LitElement {
  static override properties: PropertyDeclarations = { heading: {}, description: {} };
  static override styles = [
    baseStyles,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: var(--stele-space-3) var(--stele-space-6);
        margin-block-end: var(--stele-space-5);
      }
      p {
        margin-block-start: var(--stele-space-1);
        color: var(--stele-text-quiet);
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--stele-space-2);
      }
      ::slotted([slot='below']) {
        margin-block-end: var(--stele-space-5);
      }
    `,
  ];

  /** The panel's name. */
  declare heading: string;
  /** One sentence about it. */
  declare description: string | undefined;

  override render(): TemplateResult {
    return html`<header>
        <div>
          <h1>${this.heading}</h1>
          ${this.description ? html`<p>${this.description}</p>` : nothing}
        </div>
        <div class="actions"><slot></slot></div>
      </header>
      <slot name="below"></slot>`;
  }
}

/** `<stele-empty icon heading>`: nothing is here yet. Default slot: what it means; slot `actions`: the next step. */
export class SteleEmpty extends LitElement {
  static override properties: PropertyDeclarations = { icon: {}, heading: {}, level: { type: Number } };
  static override styles = [
    baseStyles,
    css`
      .empty {
        display: grid;
        justify-items: center;
        gap: var(--stele-space-3);
        max-inline-size: 30rem;
        margin: clamp(24px, 9vh, 96px) auto;
        padding: var(--stele-space-4);
        text-align: center;
      }
      .disc {
        display: grid;
        place-items: center;
        inline-size: 72px;
        block-size: 72px;
        margin-block-end: var(--stele-space-2);
        border-radius: 50%;
        background: var(--stele-accent-quiet);
        color: var(--stele-accent);
        font-size: 26px;
      }
      h1 {
        font-size: var(--stele-size-xl);
      }
      .text {
        color: var(--stele-text-quiet);
        line-height: 1.55;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: var(--stele-space-2);
        margin-block-start: var(--stele-space-2);
      }
    `,
  ];

  /** Name of an icon. */
  declare icon: string;
  /** What is not here. */
  declare heading: string;
  /** Level of the heading: 1 where it stands for the whole page. Default 2. */
  declare level: 1 | 2 | undefined;

  override render(): TemplateResult {
    return html`<div class="empty">
      <div class="disc"><stele-icon name=${this.icon}></stele-icon></div>
      ${this.level === 1 ? html`<h1>${this.heading}</h1>` : html`<h2>${this.heading}</h2>`}
      <div class="text"><slot></slot></div>
      <div class="actions"><slot name="actions"></slot></div>
    </div>`;
  }
}

/**
 * `<stele-error .error=${thrown} what="The tasks could not be read">`: what happened, a code to copy, and a way on.
 * Fires `retry` when there is a listener's button to press (`retryable`).
 */
export class SteleError extends LitElement {
  static override properties: PropertyDeclarations = {
    error: { attribute: false },
    what: {},
    retryable: { type: Boolean },
  };
  static override styles = [
    baseStyles,
    css`
      .card {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--stele-space-3);
        max-inline-size: 44rem;
        padding: var(--stele-space-4) var(--stele-space-5);
        border: 1px solid color-mix(in oklab, var(--stele-attention) 30%, transparent);
        border-radius: var(--stele-radius-l);
        background: var(--stele-attention-quiet);
      }
      .card > stele-icon {
        color: var(--stele-attention);
        font-size: 18px;
        margin-block-start: 1px;
      }
      p {
        margin-block-start: var(--stele-space-1);
        overflow-wrap: anywhere;
      }
      .row {
        margin-block-start: var(--stele-space-3);
      }
      code {
        font-size: var(--stele-size-s);
      }
    `,
  ];

  /** What was thrown. */
  declare error: unknown;
  /** What could not be done. Without it, what happened stands alone. */
  declare what: string | undefined;
  /** Whether a button `Try again` is there; it fires `retry`. */
  declare retryable: boolean;

  override render(): TemplateResult {
    const { detail, code } = wordsOf(this.error);
    return html`<div class="card" role="alert">
      <stele-icon name="triangle-alert"></stele-icon>
      <div>
        ${this.what ? html`<h3>${this.what}</h3>` : nothing}
        <p>${detail}</p>
        <div class="row">
          ${this.retryable ? html`<wa-button size="s" appearance="outlined" @click=${this.#retry}>Try again</wa-button>` : nothing}
          <slot></slot>
          ${
            code
              ? html`<code class="quiet">${code}</code><stele-copy text=${code} label="Copy the code"></stele-copy>`
              : nothing
          }
        </div>
      </div>
    </div>`;
  }

  #retry(): void {
    this.dispatchEvent(new Event('retry'));
  }
}

/** What to say about anything that was thrown: a sentence, and a code that finds it again. */
export function wordsOf(error: unknown): { readonly detail: string; readonly code: string | undefined } {
  if (isApiProblem(error)) {
    return { detail: error.message, code: error.requestId ? `${error.code} ${error.requestId}` : error.code };
  }
  return { detail: error instanceof Error ? error.message : String(error), code: undefined };
}

/**
 * `<stele-loading what="your tasks">`: nothing for 400 ms, then its slot (skeletons of the size of what comes), after
 * 10 s also a sentence that says what it waits for.
 */
export class SteleLoading extends LitElement {
  static override properties: PropertyDeclarations = { what: {}, stage: { state: true } };
  static override styles = [
    baseStyles,
    css`
      .waits {
        visibility: hidden;
      }
      .waits.seen {
        visibility: visible;
      }
      p {
        margin-block-start: var(--stele-space-4);
        color: var(--stele-text-quiet);
      }
    `,
  ];

  /** What it waits for. */
  declare what: string;
  declare private stage: 'quiet' | 'skeleton' | 'long';
  #timers: ReturnType<typeof setTimeout>[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.stage = 'quiet';
    this.#timers = [setTimeout(() => (this.stage = 'skeleton'), 400), setTimeout(() => (this.stage = 'long'), 10_000)];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  override render(): TemplateResult {
    return html`<div class="waits ${this.stage === 'quiet' ? '' : 'seen'}" aria-hidden="true"><slot></slot></div>
      <p role="status" class=${this.stage === 'long' ? '' : 'visually-hidden'}>
        ${this.stage === 'long' ? `Still waiting for ${this.what}…` : this.stage === 'skeleton' ? `Loading ${this.what}` : ''}
      </p>`;
  }
}

/** `<stele-skeleton>`: a grey shape in the place of what comes; give it a width and height by CSS. */
export class SteleSkeleton extends LitElement {
  static override styles = css`
    :host {
      display: block;
      min-block-size: 1em;
      border-radius: var(--stele-radius-s);
      background: var(--stele-skeleton);
      animation: shine 1.6s linear infinite;
    }
    @keyframes shine {
      from {
        background-position: 100% 0;
      }
      to {
        background-position: 0 0;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      :host {
        animation: none;
      }
    }
  `;
}

defineOnce('stele-page-header', StelePageHeader);
defineOnce('stele-empty', SteleEmpty);
defineOnce('stele-error', SteleError);
defineOnce('stele-loading', SteleLoading);
defineOnce('stele-skeleton', SteleSkeleton);
