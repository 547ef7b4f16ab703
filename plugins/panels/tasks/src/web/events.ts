import type { Task, TaskEvent } from '@stele/sdk/api';
import { baseStyles, isAbort, isLive } from '@stele/sdk/web';
import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';

/** Milliseconds after which those of a task that lives are read again. */
const period = 5_000;

/** What the resource says happened to a task: read when its state changes, and every few seconds while it lives. Empty where it says nothing. */
export class TaskEvents extends LitElement {
  static override properties: PropertyDeclarations = {
    task: { attribute: false },
    read: { attribute: false },
    events: { state: true },
    problem: { state: true },
  };
  static override styles = [
    baseStyles,
    css`
      section {
        margin-block-start: var(--stele-space-4);
      }
      h3 {
        margin-block-end: var(--stele-space-2);
      }
      ol {
        max-block-size: 11rem;
        overflow: auto;
        overscroll-behavior: contain;
        border: 1px solid var(--stele-border);
        border-radius: var(--stele-radius-m);
      }
      li {
        display: grid;
        grid-template-columns: 7rem minmax(0, 11rem) minmax(0, 1fr);
        gap: var(--stele-space-1) var(--stele-space-3);
        align-items: baseline;
        padding: var(--stele-space-2) var(--stele-space-3);
      }
      li + li {
        border-block-start: 1px solid var(--stele-border);
      }
      .warning .reason {
        color: var(--stele-attention);
      }
      .says {
        overflow-wrap: anywhere;
      }
      @media (max-width: 640px) {
        li {
          grid-template-columns: auto minmax(0, 1fr);
        }
        .says {
          grid-column: 1 / -1;
        }
      }
    `,
  ];

  declare task: Task | undefined;
  /** Asks for them. */
  declare read: ((task: Task, signal: AbortSignal) => Promise<readonly TaskEvent[]>) | undefined;
  declare private events: readonly TaskEvent[];
  declare private problem: unknown;
  #asking: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = '';

  constructor() {
    super();
    this.events = [];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asked = '';
    this.#asking?.abort();
    clearTimeout(this.#timer);
  }

  override updated(): void {
    const { task } = this;
    const now = task ? [task.id, task.phase, task.reason, task.detail].join(' ') : '';
    if (!task || now === this.#asked) return;
    this.#asked = now;
    void this.#ask(task);
  }

  override render(): TemplateResult | typeof nothing {
    if (this.problem !== undefined)
      return html`<stele-error what="What happened to it could not be read" .error=${this.problem}></stele-error>`;
    if (this.events.length === 0) return nothing;
    return html`<section aria-labelledby="events">
      <h3 id="events">What ${this.task?.computing.name} says of it</h3>
      <ol tabindex="0" aria-labelledby="events">
        ${this.events.map(line)}
      </ol>
    </section>`;
  }

  async #ask(task: Task): Promise<void> {
    this.#asking?.abort();
    clearTimeout(this.#timer);
    const asking = (this.#asking = new AbortController());
    try {
      this.events = (await this.read?.(task, asking.signal)) ?? [];
      this.problem = undefined;
    } catch (error) {
      if (isAbort(error) || asking.signal.aborted) return;
      this.problem = error;
    }
    if (this.isConnected && isLive(task)) this.#timer = setTimeout(() => void this.#ask(task), period);
  }
}

function line({ at, reason, says, isWarning, count = 1 }: TaskEvent): TemplateResult {
  return html`<li class="small ${isWarning ? 'warning' : ''}">
    <span class="quiet">${at ? html`<stele-time at=${at}></stele-time>` : nothing}</span>
    <span class="reason">
      ${isWarning ? html`<stele-icon name="triangle-alert" label="Warning"></stele-icon>` : nothing}
      <code>${reason}</code>${count > 1 ? html` <span class="numbers">× ${count}</span>` : nothing}
    </span>
    <span class="says" dir="auto">${says ?? ''}</span>
  </li>`;
}
