import { baseStyles, defineOnce, isAbort, wordsOf, type Toast, type Toasts } from '@stele/sdk/web';
import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';

type Shown = Toast & { readonly id: number };

const stays = 6000;

/** Short messages at the edge of the page, and the voice for screen readers. */
export class ToastArea extends LitElement implements Toasts {
  static override properties: PropertyDeclarations = { shown: { state: true }, spoken: { state: true } };
  static override styles = [
    baseStyles,
    css`
      :host {
        position: fixed;
        inset: auto;
        inset-block-end: calc(var(--stele-space-4) + env(safe-area-inset-bottom));
        inset-inline-end: var(--stele-space-4);
        display: block;
        inline-size: min(26rem, calc(100vw - 2 * var(--stele-space-4)));
        margin: 0;
        padding: 0;
        overflow: visible;
        color: inherit;
        background: none;
        border: 0;
        pointer-events: none;
      }
      @media (max-width: 719px) {
        :host {
          inset-block-end: calc(84px + env(safe-area-inset-bottom));
        }
      }
      [role='region'] {
        display: grid;
        gap: var(--stele-space-2);
      }
      .toast {
        display: flex;
        align-items: flex-start;
        gap: var(--stele-space-3);
        padding: var(--stele-space-3) var(--stele-space-2) var(--stele-space-3) var(--stele-space-4);
        color: var(--stele-text);
        background: var(--stele-raised);
        border: 1px solid var(--stele-border);
        border-radius: var(--stele-radius-l);
        box-shadow: var(--stele-shadow-3);
        pointer-events: auto;
        animation: rise var(--stele-normal) ease-out;
      }
      .toast > stele-icon {
        margin-block-start: 8px;
      }
      .toast > wa-button {
        margin-block-start: 5px;
      }
      .words {
        padding-block: 6px;
        overflow-wrap: anywhere;
      }
      .done > stele-icon {
        color: var(--stele-ready);
      }
      .problem > stele-icon {
        color: var(--stele-attention);
      }
      .info > stele-icon {
        color: var(--stele-accent);
      }
      @keyframes rise {
        from {
          opacity: 0;
          transform: translateY(8px);
        }
      }
    `,
  ];

  declare private shown: readonly Shown[];
  declare private spoken: string;
  #count = 0;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  constructor() {
    super();
    this.shown = [];
    this.spoken = '';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  override firstUpdated(): void {
    this.popover = 'manual';
    this.showPopover();
  }

  show(toast: Toast): () => void {
    const id = ++this.#count;
    this.#rise();
    this.shown = [...this.shown.slice(-3), { ...toast, id }];
    if (toast.tone !== 'problem' && !toast.stays)
      this.#timers.set(
        id,
        setTimeout(() => this.#close(id), stays),
      );
    return () => this.#close(id);
  }

  problem(error: unknown, what?: string): void {
    if (isAbort(error)) return;
    const { detail, code } = wordsOf(error);
    const text = what === undefined ? detail : `${what}: ${detail}`;
    this.show({ text, tone: 'problem', ...(code === undefined ? {} : { code }) });
  }

  /** Takes away what was said of a task. */
  ended(task: string): void {
    for (const toast of this.shown) if (toast.task === task) this.#close(toast.id);
  }

  /** Takes all away: what one user was told is not for whoever comes after. */
  clear(): void {
    for (const { id } of this.shown) this.#close(id);
    this.spoken = '';
  }

  announce(text: string): void {
    this.spoken = text;
  }

  override render(): TemplateResult {
    return html`<div class="visually-hidden" role="status">${this.spoken}</div>
      <div role="region" aria-label="Messages" aria-live="polite">
        ${repeat(
          this.shown,
          (toast) => toast.id,
          (toast) => this.#toast(toast),
        )}
      </div>`;
  }

  #toast(toast: Shown): TemplateResult {
    const tone = toast.tone ?? 'info';
    const icon = { info: 'circle-info', done: 'circle-check', problem: 'triangle-alert' }[tone];
    return html`<div class="toast ${tone}">
      <stele-icon name=${icon}></stele-icon>
      <div class="words grow">
        ${toast.text} ${toast.code ? html`<br /><code class="quiet small">${toast.code}</code>` : nothing}
      </div>
      ${toast.code ? html`<stele-copy text=${toast.code} label="Copy the code"></stele-copy>` : nothing}
      ${toast.action ? html`<wa-button size="s" appearance="outlined" @click=${() => this.#act(toast)}>${toast.action.label}</wa-button>` : nothing}
      <stele-icon-button icon="x" label="Close" @click=${() => this.#close(toast.id)}></stele-icon-button>
    </div>`;
  }

  /** Above a dialog that was opened since: what is shown last in the top layer is on top. */
  #rise(): void {
    if (!this.matches(':popover-open')) return;
    this.hidePopover();
    this.showPopover();
  }

  #act(toast: Shown): void {
    toast.action?.run();
    this.#close(toast.id);
  }

  #close(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }
}

defineOnce('stele-toasts', ToastArea);
