import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { isAbort, isApiProblem } from '../api/problem.ts';
import { copyText } from '../copy.ts';
import { defineOnce } from '../define.ts';
import { LogLines } from '../log-lines.ts';
import { baseStyles } from '../styles.ts';
import { wordsOf } from './states.ts';

/** Milliseconds before what was cut is read again; the last one from then on. */
const pauses = [1_000, 2_000, 5_000, 15_000] as const;

/** A text that goes on until the signal is aborted, or that ends. Read again, it begins anew. */
export type LogSource = (signal: AbortSignal) => AsyncIterable<string>;

/**
 * `<stele-log .source=${(signal) => api.text('/tasks/…/logs', {query: {follow: 1}, signal})}>`: what something printed,
 * followed while the reader stands at the end. Scrolling up holds it still; the newest 5,000 lines are kept. What is cut is read again,
 * and stays until that comes.
 */
export class SteleLog extends LitElement {
  static override properties: PropertyDeclarations = {
    source: { attribute: false },
    label: {},
    isPaused: { state: true },
    isWrapped: { state: true },
    state: { state: true },
    error: { state: true },
  };
  static override styles = [
    baseStyles,
    css`
      .bar {
        display: flex;
        align-items: center;
        gap: var(--stele-space-1);
        margin-block-end: var(--stele-space-2);
      }
      pre {
        block-size: var(--log-height, 22rem);
        margin: 0;
        padding: var(--stele-space-3) var(--stele-space-4);
        overflow: auto;
        overscroll-behavior: contain;
        direction: ltr;
        font-size: var(--stele-size-s);
        line-height: 1.55;
        white-space: pre;
        overflow-wrap: normal;
        color: oklch(0.92 0.01 265);
        background: oklch(0.19 0.015 265);
        border: 1px solid var(--stele-border);
        border-radius: var(--stele-radius-m);
        scrollbar-color: oklch(0.5 0.02 265) transparent;
      }
      pre.wrap {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
    `,
  ];

  /** Where it comes from. Set anew, it starts over. */
  declare source: LogSource;
  /** Name for screen readers. Default `Log`. */
  declare label: string | undefined;
  declare private isPaused: boolean;
  declare private isWrapped: boolean;
  declare private state: 'reading' | 'ended' | 'failed';
  declare private error: unknown;
  readonly #lines = new LogLines(5000);
  #reading: AbortController | undefined;
  #frame = 0;
  /** Attempts since it was begun. */
  #attempts = 0;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) void this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#reading?.abort();
    clearTimeout(this.#waiting);
    cancelAnimationFrame(this.#frame);
  }

  override updated(changed: Map<string, unknown>): void {
    if (changed.has('source')) void this.#begin();
  }

  override render(): TemplateResult {
    return html`<div class="bar">
        <span class="small quiet grow" role="status">${this.#words()}</span>
        ${
          this.state === 'failed'
            ? html`<stele-icon-button icon="refresh" label="Read it again" @click=${this.#again}></stele-icon-button>`
            : nothing
        }
        <stele-icon-button
          icon=${this.isPaused ? 'play' : 'pause'}
          label=${this.isPaused ? 'Follow' : 'Hold still'}
          @click=${this.#togglePause}
        ></stele-icon-button>
        <stele-icon-button icon="arrow-down" label="To the end" @click=${() => this.#follow()}></stele-icon-button>
        <stele-icon-button
          icon="list"
          label="Wrap long lines"
          .pressed=${this.isWrapped ?? false}
          @click=${() => (this.isWrapped = !this.isWrapped)}
        ></stele-icon-button>
        <stele-icon-button icon="copy" label="Copy all" @click=${this.#copy}></stele-icon-button>
      </div>
      ${
        this.state === 'failed' && this.#lines.isEmpty
          ? html`<stele-error
              what="The log could not be read"
              .error=${this.error}
              retryable
              @retry=${this.#begin}
            ></stele-error>`
          : html`<pre
              class=${this.isWrapped ? 'wrap' : ''}
              role="log"
              aria-live="off"
              aria-label=${this.label ?? 'Log'}
              tabindex="0"
              @scroll=${this.#scrolled}
            ></pre>`
      }`;
  }

  #words(): string {
    if (this.state === 'failed') return this.#lines.isEmpty ? '' : this.#cutWords();
    if (this.isPaused) return 'Held still';
    if (this.state === 'ended') return this.#lines.isEmpty ? 'Nothing was printed' : 'The end';
    return this.state === 'reading' ? (this.#lines.isEmpty ? 'Nothing printed yet' : 'Following') : '';
  }

  #cutWords(): string {
    const { detail } = wordsOf(this.error);
    return isRefusal(this.error) ? `Cut off. ${detail}` : `Cut off, and soon read again. ${detail}`;
  }

  get #box(): HTMLElement | null {
    return this.renderRoot.querySelector('pre');
  }

  async #begin(): Promise<void> {
    this.#restart();
    this.#attempts = 0;
    await this.#again();
  }

  async #again(): Promise<void> {
    this.#reading?.abort();
    clearTimeout(this.#waiting);
    const reading = new AbortController();
    this.#reading = reading;
    try {
      let isFirst = true;
      for await (const text of this.source(reading.signal)) {
        if (reading !== this.#reading) return;
        if (isFirst) this.#restart();
        isFirst = false;
        this.#append(text);
      }
      if (reading === this.#reading) this.state = 'ended';
    } catch (error) {
      if (reading === this.#reading && !isAbort(error)) this.#failed(error);
    }
  }

  #restart(): void {
    this.#lines.clear();
    this.state = 'reading';
  }

  #failed(error: unknown): void {
    this.error = error;
    this.state = 'failed';
    if (this.#lines.isEmpty || isRefusal(error)) return;
    this.#waiting = setTimeout(() => void this.#again(), pauses[this.#attempts] ?? pauses[3]);
    this.#attempts += 1;
  }

  #append(text: string): void {
    const wasEmpty = this.#lines.isEmpty;
    this.#lines.add(text);
    if (wasEmpty) this.requestUpdate();
    if (this.#frame === 0 && !this.isPaused) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = 0;
    const box = this.#box;
    if (!box) return;
    box.textContent = this.#lines.text();
    box.scrollTop = box.scrollHeight;
  }

  #scrolled(): void {
    const box = this.#box;
    if (!box || this.#frame !== 0) return;
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 24;
    if (isAtEnd === (this.isPaused ?? false)) this.isPaused = !isAtEnd;
    if (isAtEnd) this.#draw();
  }

  #togglePause(): void {
    if (this.isPaused) this.#follow();
    else this.isPaused = true;
  }

  #follow(): void {
    this.isPaused = false;
    this.#draw();
  }

  async #copy(): Promise<void> {
    await copyText(this.#lines.text());
  }
}

/** Whether the next attempt would hear it, too. */
function isRefusal(error: unknown): boolean {
  return isApiProblem(error) && error.status >= 400 && error.status < 500;
}

defineOnce('stele-log', SteleLog);
