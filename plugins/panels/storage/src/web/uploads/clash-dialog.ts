import { baseStyles, controlStyles, plural } from '@stele/sdk/web';
import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { nameOf, parentOf } from '../model/paths.ts';
import type { Upload } from './queue.ts';
import { uploads, type Choice } from './store.ts';

/** Asks about uploads whose name is taken, one after the other. */
export class ClashDialog extends LitElement {
  static override properties: PropertyDeclarations = { isForAll: { state: true } };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      .all {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--stele-space-2);
        align-items: start;
      }
    `,
  ];

  declare private isForAll: boolean;
  #end: (() => void) | undefined;
  /** Kept while the dialog closes. */
  #last: Upload | undefined;

  constructor() {
    super();
    this.isForAll = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = uploads.onChange(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
  }

  override render(): TemplateResult {
    const clash = uploads.queue.find(({ state }) => state === 'clash');
    this.#last = clash ?? this.#last;
    const others =
      uploads.queue.filter(({ state }) => state === 'clash' || state === 'waiting' || state === 'sending').length - 1;
    const name = nameOf(this.#last?.path ?? '');
    const folder = nameOf(parentOf(this.#last?.path ?? ''));
    return html`<stele-dialog
      label="“${name}” is there already"
      .open=${clash !== undefined}
      @close=${() => this.#answer('skip')}
    >
      <div class="stack">
        <p>
          ${folder === '' ? 'The storage' : html`The folder <bdi>${folder}</bdi>`} has something of this name. Replacing
          it loses what is in it now.
        </p>
        ${
          others > 0
            ? html`<label class="all">
                <input
                  type="checkbox"
                  .checked=${this.isForAll}
                  @change=${(event: Event) => (this.isForAll = (event.target as HTMLInputElement).checked)}
                />
                The same for ${plural(others, 'other file', 'other files')}, where needed
              </label>`
            : nothing
        }
      </div>
      <wa-button slot="footer" appearance="plain" @click=${() => this.#answer('skip')}>Skip</wa-button>
      <wa-button slot="footer" variant="danger" appearance="outlined" @click=${() => this.#answer('replace')}
        >Replace</wa-button
      >
      <wa-button slot="footer" variant="brand" autofocus @click=${() => this.#answer('rename')}>Keep both</wa-button>
    </stele-dialog>`;
  }

  #answer(choice: Choice): void {
    const clash = uploads.queue.find(({ state }) => state === 'clash');
    if (clash) uploads.answer(clash.id, choice, this.isForAll);
    if (!uploads.queue.some(({ state }) => state === 'clash')) this.isForAll = false;
  }
}
