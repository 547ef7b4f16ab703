import { css, html, LitElement, type PropertyDeclarations, type TemplateResult } from 'lit';
import { components } from '../components.ts';
import { defineOnce } from '../define.ts';
import { baseStyles } from '../styles.ts';

/** What fires when something inside a dialog hides too (a tooltip, a menu): not ours to act on. */
function isOwn(event: Event): boolean {
  return event.target === event.currentTarget;
}

/**
 * `<stele-sheet label="…" .open=${…} @close=${…}>`: a side sheet; the whole width on a phone. Escape, the ground behind
 * it and its own button close it and fire `close`; focus goes back to where it was. Slot `footer`: actions.
 */
export class SteleSheet extends LitElement {
  static override properties: PropertyDeclarations = { label: {}, open: { type: Boolean }, wide: { type: Boolean } };
  static override styles = [
    baseStyles,
    css`
      wa-drawer {
        --size: min(100vw, 34rem);
        --spacing: var(--stele-space-6);
        --show-duration: var(--stele-normal);
        --hide-duration: var(--stele-fast);
      }
      :host([wide]) wa-drawer {
        --size: min(100vw, 46rem);
      }
      wa-drawer:not(:defined) {
        display: none;
      }
      wa-drawer::part(title) {
        font-size: var(--stele-size-xl);
        overflow-wrap: anywhere;
      }
      wa-drawer::part(body) {
        padding-block-end: var(--stele-space-6);
      }
      wa-drawer::part(footer) {
        border-block-start: 1px solid var(--stele-border);
      }
      @media (max-width: 480px) {
        wa-drawer {
          --spacing: var(--stele-space-4);
        }
      }
    `,
  ];

  /** Its heading and name. */
  declare label: string;
  /** Whether it is open. */
  declare open: boolean;
  /** Whether it is broader, for forms and logs. */
  declare wide: boolean;
  #isReady = false;

  override willUpdate(): void {
    if (this.open && !this.#isReady) void this.#prepare();
  }

  /** The first opening waits until the drawer is there, so that it opens with its motion and takes the focus. */
  async #prepare(): Promise<void> {
    await components('drawer');
    this.#isReady = true;
    this.requestUpdate();
  }

  override render(): TemplateResult {
    return html`<wa-drawer
      label=${this.label ?? ''}
      ?open=${this.open && this.#isReady}
      light-dismiss
      @wa-hide=${this.#hidden}
    >
      <slot></slot>
      <slot name="footer" slot="footer"></slot>
    </wa-drawer>`;
  }

  #hidden(event: Event): void {
    if (isOwn(event) && this.open) this.dispatchEvent(new Event('close'));
  }
}

/** `<stele-dialog label="…" .open=${…} @close=${…}>`: a dialog in the middle. Slot `footer`: actions. */
export class SteleDialog extends LitElement {
  static override properties: PropertyDeclarations = { label: {}, open: { type: Boolean } };
  static override styles = [
    baseStyles,
    css`
      wa-dialog {
        --width: min(94vw, 32rem);
        --spacing: var(--stele-space-6);
        --show-duration: var(--stele-normal);
        --hide-duration: var(--stele-fast);
      }
      wa-dialog:not(:defined) {
        display: none;
      }
      wa-dialog::part(title) {
        font-size: var(--stele-size-xl);
        overflow-wrap: anywhere;
      }
    `,
  ];

  /** Its heading and name. */
  declare label: string;
  /** Whether it is open. */
  declare open: boolean;
  #isReady = false;

  override willUpdate(): void {
    if (this.open && !this.#isReady) void this.#prepare();
  }

  async #prepare(): Promise<void> {
    await components('dialog');
    this.#isReady = true;
    this.requestUpdate();
  }

  override render(): TemplateResult {
    return html`<wa-dialog
      label=${this.label ?? ''}
      ?open=${this.open && this.#isReady}
      light-dismiss
      @wa-hide=${this.#hidden}
    >
      <slot></slot>
      <slot name="footer" slot="footer"></slot>
    </wa-dialog>`;
  }

  #hidden(event: Event): void {
    if (isOwn(event) && this.open) this.dispatchEvent(new Event('close'));
  }
}

defineOnce('stele-sheet', SteleSheet);
defineOnce('stele-dialog', SteleDialog);
