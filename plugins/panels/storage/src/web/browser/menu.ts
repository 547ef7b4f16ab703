import { baseStyles } from '@stele/sdk/web';
import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';

/** A line of the menu. */
export interface MenuItem {
  readonly title: string;
  readonly icon: string;
  readonly run: () => void;
  readonly isDangerous?: boolean;
  /** The key that does the same. */
  readonly key?: string;
  /** For a choice: whether it is the one in force. */
  readonly isChecked?: boolean;
}

/** The menu at the pointer. `show` opens it; arrows, Enter and Escape work; the focus goes back where it was. */
export class FileMenu extends LitElement {
  static override properties: PropertyDeclarations = { groups: { state: true }, isOpen: { state: true } };
  static override styles = [
    baseStyles,
    css`
      [role='menu'] {
        position: fixed;
        inset: auto;
        margin: 0;
        min-inline-size: 13rem;
        max-block-size: 90vh;
        padding: var(--stele-space-1);
        overflow: auto;
        color: var(--stele-text);
        background: var(--stele-raised);
        border: 1px solid var(--stele-border);
        border-radius: var(--stele-radius-m);
        box-shadow: var(--stele-shadow-3);
      }
      button {
        display: flex;
        align-items: center;
        gap: var(--stele-space-3);
        inline-size: 100%;
        padding: 7px var(--stele-space-3);
        border: 0;
        background: none;
        color: inherit;
        font: inherit;
        text-align: start;
        cursor: pointer;
      }
      button:hover,
      button:focus-visible {
        background: var(--stele-hover);
      }
      button:focus-visible {
        outline-offset: -2px;
      }
      .on {
        color: var(--stele-accent);
      }
      .danger {
        color: var(--stele-attention);
      }
      kbd {
        margin-inline-start: auto;
        padding-inline-start: var(--stele-space-4);
        font: inherit;
        font-size: var(--stele-size-s);
        color: var(--stele-text-quiet);
      }
      hr {
        margin: var(--stele-space-1) 0;
        border: 0;
        border-block-start: 1px solid var(--stele-border);
      }
    `,
  ];

  declare private groups: readonly (readonly MenuItem[])[];
  declare private isOpen: boolean;
  #returnTo: HTMLElement | undefined;

  constructor() {
    super();
    this.groups = [];
    this.isOpen = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unlisten();
  }

  /** Opens at a point of the screen, kept within it. */
  async show(
    groups: readonly (readonly MenuItem[])[],
    at: { x: number; y: number },
    returnTo: HTMLElement,
  ): Promise<void> {
    this.groups = groups.filter((group) => group.length > 0);
    this.isOpen = true;
    this.#returnTo = returnTo;
    await this.updateComplete;
    const menu = this.#menu;
    if (!menu) return;
    menu.showPopover();
    const { width, height } = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(8, Math.min(at.x, innerWidth - width - 8))}px`;
    menu.style.top = `${Math.max(8, Math.min(at.y, innerHeight - height - 8))}px`;
    this.#buttons[0]?.focus();
    addEventListener('pointerdown', this.#away, true);
    addEventListener('blur', this.#closed);
    addEventListener('resize', this.#closed);
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.isOpen) return nothing;
    return html`<div
      role="menu"
      aria-label="Actions"
      popover="manual"
      @keydown=${this.#key}
      @contextmenu=${(event: Event) => event.preventDefault()}
    >
      ${this.groups.map((group, index) => html`${index > 0 ? html`<hr role="separator" />` : nothing}${group.map((item) => this.#item(item))}`)}
    </div>`;
  }

  #item(item: MenuItem): TemplateResult {
    const choose = (): void => {
      this.close();
      item.run();
    };
    const isChoice = item.isChecked !== undefined;
    return html`<button
      role=${isChoice ? 'menuitemcheckbox' : 'menuitem'}
      aria-checked=${isChoice ? String(item.isChecked) : nothing}
      tabindex="-1"
      class=${item.isDangerous ? 'danger' : ''}
      @click=${choose}
    >
      <stele-icon name=${item.isChecked ? 'check' : item.icon} class=${item.isChecked ? 'on' : ''}></stele-icon
      >${item.title}${item.key ? html`<kbd aria-hidden="true">${item.key}</kbd>` : nothing}
    </button>`;
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#unlisten();
    this.#returnTo?.focus({ preventScroll: true });
  }

  get #menu(): HTMLElement | null {
    return this.renderRoot.querySelector('[role=menu]');
  }

  get #buttons(): readonly HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('button')];
  }

  #key(event: KeyboardEvent): void {
    const buttons = this.#buttons;
    const at = buttons.indexOf(this.shadowRoot?.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[event.key];
    if (to !== undefined) buttons[to % buttons.length]?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') this.close();
    else return event.stopPropagation();
    event.preventDefault();
    event.stopPropagation();
  }

  readonly #away = (event: Event): void => {
    if (!event.composedPath().includes(this)) this.close();
  };

  readonly #closed = (): void => this.close();

  #unlisten(): void {
    removeEventListener('pointerdown', this.#away, true);
    removeEventListener('blur', this.#closed);
    removeEventListener('resize', this.#closed);
  }
}
