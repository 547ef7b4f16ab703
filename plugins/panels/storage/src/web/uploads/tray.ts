import { baseStyles, plural, wordsOf } from '@stele/sdk/web';
import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { nameOf, parentOf } from '../model/paths.ts';
import { isOpen, totalsOf, type Upload } from './queue.ts';
import { uploads } from './store.ts';

const mostRows = 200;
const order: readonly Upload['state'][] = ['clash', 'failed', 'sending', 'waiting', 'cancelled', 'skipped', 'done'];

/** The uploads at the corner of the page, for as long as there are any. */
export class UploadTray extends LitElement {
  static override properties: PropertyDeclarations = { isUnfolded: { state: true } };
  static override styles = [
    baseStyles,
    css`
      :host {
        position: fixed;
        z-index: 20;
        inset-block-end: var(--stele-space-4);
        /* Beside the rail: the other corner is for messages. */
        inset-inline-start: 104px;
        inline-size: min(24rem, calc(100vw - 32px));
      }
      @media (max-width: 719px) {
        :host {
          inset-inline-start: var(--stele-space-4);
          inset-block-end: 84px;
        }
      }
      section {
        overflow: hidden;
        background: var(--stele-raised);
        border: 1px solid var(--stele-border);
        border-radius: var(--stele-radius-l);
        box-shadow: var(--stele-shadow-3);
      }
      header {
        display: flex;
        align-items: center;
        gap: var(--stele-space-1);
        padding: var(--stele-space-2) var(--stele-space-2) var(--stele-space-2) var(--stele-space-4);
      }
      header:dir(rtl) {
        padding: var(--stele-space-2) var(--stele-space-4) var(--stele-space-2) var(--stele-space-2);
      }
      progress {
        display: block;
        appearance: none;
        inline-size: 100%;
        block-size: 4px;
        border: 0;
        border-radius: var(--stele-radius-pill);
        overflow: hidden;
        background: var(--stele-ended-quiet);
      }
      progress::-webkit-progress-bar {
        background: var(--stele-ended-quiet);
      }
      progress::-webkit-progress-value {
        background: var(--stele-accent-fill);
        transition: inline-size var(--stele-fast) linear;
      }
      progress::-moz-progress-bar {
        background: var(--stele-accent-fill);
      }
      ul {
        max-block-size: min(17rem, 40vh);
        padding: var(--stele-space-1) 0;
        overflow: auto;
        border-block-start: 1px solid var(--stele-border);
      }
      li {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        gap: var(--stele-space-3);
        align-items: center;
        min-block-size: 48px;
        padding-inline: var(--stele-space-4) var(--stele-space-2);
      }
      .failed,
      .clash {
        color: var(--stele-attention);
      }
      .done {
        color: var(--stele-ready);
      }
      li progress {
        margin-block-start: 3px;
      }
    `,
  ];

  declare private isUnfolded: boolean;
  #end: (() => void) | undefined;

  constructor() {
    super();
    // On a phone the list would cover the files.
    this.isUnfolded = matchMedia('(min-width: 720px)').matches;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    uploads.viewers++;
    this.#end = uploads.onChange(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    uploads.viewers--;
    this.#end?.();
  }

  override render(): TemplateResult | typeof nothing {
    const { queue } = uploads;
    if (queue.length === 0) return nothing;
    const totals = totalsOf(queue);
    const words =
      totals.open > 0
        ? `Uploading ${plural(totals.open, 'file', 'files')}`
        : totals.failed > 0
          ? `${plural(totals.failed, 'upload', 'uploads')} failed`
          : `${plural(totals.done, 'file', 'files')} uploaded`;
    return html`<section aria-label="Uploads">
      <header>
        <strong class="grow numbers">${words}</strong>
        ${totals.open > 0 ? html`<span class="quiet small numbers">${Math.floor(totals.fraction * 100)} %</span>` : nothing}
        <stele-icon-button
          icon=${this.isUnfolded ? 'chevron-down' : 'chevron-up'}
          label=${this.isUnfolded ? 'Fold the list' : 'Unfold the list'}
          .expanded=${this.isUnfolded}
          @click=${() => (this.isUnfolded = !this.isUnfolded)}
        ></stele-icon-button>
        ${
          totals.open > 0
            ? html`<stele-icon-button
                icon="x"
                label="Cancel all"
                @click=${() => uploads.cancelAll()}
              ></stele-icon-button>`
            : html`<stele-icon-button icon="x" label="Close" @click=${() => uploads.clear()}></stele-icon-button>`
        }
      </header>
      ${totals.open > 0 ? html`<progress aria-label="All uploads" max="1" .value=${totals.fraction}></progress>` : nothing}
      ${this.isUnfolded ? this.#list(queue) : nothing}
    </section>`;
  }

  #list(queue: readonly Upload[]): TemplateResult {
    const rows = queue
      .toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.id - b.id)
      .slice(0, mostRows);
    const more = queue.length - rows.length;
    return html`<ul tabindex="0" aria-label="Files">
      ${rows.map((upload) => this.#row(upload))}
      ${more > 0 ? html`<li><span></span><span class="quiet small">and ${plural(more, 'more file', 'more files')}</span></li>` : nothing}
    </ul>`;
  }

  #row(upload: Upload): TemplateResult {
    const name = nameOf(upload.path);
    const icons = {
      waiting: 'clock',
      sending: 'upload',
      clash: 'circle-question',
      done: 'circle-check',
      skipped: 'minus',
      failed: 'triangle-alert',
      cancelled: 'circle-x',
    };
    return html`<li>
      <stele-icon class=${upload.state} name=${icons[upload.state]}></stele-icon>
      <div>
        <div class="cut" dir="auto" title=${upload.path}>${name}</div>
        ${
          upload.state === 'sending'
            ? html`<progress
                aria-label="Progress of ${name}"
                max=${Math.max(1, upload.size)}
                .value=${upload.sent}
              ></progress>`
            : html`<div class="small quiet ${upload.state === 'failed' ? '' : 'cut'}">${stateWords(upload)}</div>`
        }
      </div>
      ${
        isOpen(upload)
          ? html`<stele-icon-button
              icon="x"
              label="Cancel ${name}"
              @click=${() => uploads.cancel(upload.id)}
            ></stele-icon-button>`
          : upload.state === 'done'
            ? html`<span></span>`
            : html`<stele-icon-button
                icon="refresh"
                label="Try ${name} again"
                @click=${() => uploads.retry(upload.id)}
              ></stele-icon-button>`
      }
    </li>`;
  }
}

function stateWords(upload: Upload): string {
  switch (upload.state) {
    case 'waiting':
    case 'sending':
      return 'Waiting';
    case 'clash':
      return 'Is there already';
    case 'done':
      return parentOf(upload.path) === '' ? 'Uploaded' : `Uploaded to ${nameOf(parentOf(upload.path))}`;
    case 'skipped':
      return 'Left out';
    case 'cancelled':
      return 'Cancelled';
    case 'failed':
      return wordsOf(upload.problem).detail;
  }
}
