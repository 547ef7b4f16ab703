import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { components, type ComponentName } from '../components.ts';
import { defineOnce } from '../define.ts';
import { baseStyles } from '../styles.ts';

/** What both overlays do: load the component at the first opening, pass on its end, show a foot only when it is filled. */
class Overlay extends LitElement {
  static override properties: PropertyDeclarations = { label: {}, open: { type: Boolean } };

  /** Its heading and name. */
  declare label: string;
  /** Whether it is open. */
  declare open: boolean;
  readonly #component: ComponentName;
  readonly #children = new MutationObserver(() => this.requestUpdate());
  #isReady = false;

  constructor(component: ComponentName) {
    super();
    this.#component = component;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#children.observe(this, { childList: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#children.disconnect();
  }

  override willUpdate(): void {
    if (this.open && !this.#isReady) void this.#prepare();
  }

  /** Whether to show it: the first opening waits for the component, so that it opens with its motion and takes the focus. */
  protected get isShown(): boolean {
    return this.open && this.#isReady;
  }

  /** The slots inside the component. */
  protected slots(): TemplateResult {
    const hasFoot = this.querySelector(':scope > [slot="footer"]') !== null;
    return html`<slot></slot>${hasFoot ? html`<slot name="footer" slot="footer"></slot>` : nothing}`;
  }

  /** Says that the user closed it; what hides inside of it (a menu, a tooltip) is none of ours. */
  protected closed(event: Event): void {
    if (event.target === event.currentTarget && this.open) this.dispatchEvent(new Event('close'));
  }

  /** Puts the focus on what asks for it by `autofocus`; else it is on the overlay itself, and Tab goes on from there. */
  protected opened(event: Event): void {
    if (event.target === event.currentTarget) this.querySelector<HTMLElement>('[autofocus]')?.focus();
  }

  async #prepare(): Promise<void> {
    await components(this.#component);
    this.#isReady = true;
    this.requestUpdate();
  }
}

/**
 * `<stele-sheet label="…" .open=${…} @close=${…}>`: a side sheet; the whole width on a phone. Escape, the ground behind
 * it and its own button close it and fire `close`; focus goes back to where it was. Slot `footer`: actions.
 */
export class SteleSheet extends Overlay {
  static override properties: PropertyDeclarations = { ...Overlay.properties, wide: { type: Boolean } };
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
        padding-block: var(--stele-space-3);
        border-block-start: 1px solid var(--stele-border);
      }
      @media (max-width: 480px) {
        wa-drawer {
          --spacing: var(--stele-space-4);
        }
        wa-drawer::part(title) {
          font-size: var(--stele-size-l);
        }
      }
    `,
  ];

  /** Whether it is broader, for forms and logs. */
  declare wide: boolean;

  constructor() {
    super('drawer');
  }

  override render(): TemplateResult {
    return html`<wa-drawer
      label=${this.label ?? ''}
      ?open=${this.isShown}
      light-dismiss
      @wa-hide=${this.closed}
      @wa-after-show=${this.opened}
    >
      ${this.slots()}
    </wa-drawer>`;
  }
}

/** `<stele-dialog label="…" .open=${…} @close=${…}>`: a dialog in the middle. Slot `footer`: actions. */
export class SteleDialog extends Overlay {
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

  constructor() {
    super('dialog');
  }

  override render(): TemplateResult {
    return html`<wa-dialog
      label=${this.label ?? ''}
      ?open=${this.isShown}
      light-dismiss
      @wa-hide=${this.closed}
      @wa-after-show=${this.opened}
    >
      ${this.slots()}
    </wa-dialog>`;
  }
}

defineOnce('stele-sheet', SteleSheet);
defineOnce('stele-dialog', SteleDialog);
