import { baseStyles, defineOnce, matches, type Command } from '@stele/sdk/web';
import { css, html, LitElement, type PropertyDeclarations, type TemplateResult } from 'lit';

/** The command palette: type, choose by arrows, Enter. A native modal dialog: the browser keeps and returns the focus. */
class Palette extends LitElement {
  static override properties: PropertyDeclarations = {
    commands: { attribute: false },
    search: { state: true },
    at: { state: true },
  };
  static override styles = [
    baseStyles,
    css`
      dialog {
        inline-size: min(38rem, calc(100vw - 32px));
        max-block-size: min(30rem, 76dvh);
        margin: 12dvh auto auto;
        padding: 0;
        overflow: hidden;
        color: var(--stele-text);
        background: var(--stele-raised);
        border: 1px solid var(--stele-border);
        border-radius: var(--stele-radius-l);
        box-shadow: var(--stele-shadow-3);
      }
      dialog[open] {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
      }
      dialog::backdrop {
        background: var(--wa-color-overlay-modal);
      }
      .line {
        display: flex;
        align-items: center;
        gap: var(--stele-space-3);
        padding-inline: var(--stele-space-4);
        border-block-end: 1px solid var(--stele-border);
      }
      input {
        flex: 1;
        min-inline-size: 0;
        padding-block: var(--stele-space-4);
        font: inherit;
        font-size: var(--stele-size-l);
        color: inherit;
        background: none;
        border: 0;
      }
      /* The only place that can have the focus here: the caret says it. */
      input:focus-visible {
        outline: none;
      }
      input::placeholder {
        color: var(--stele-text-quiet);
        opacity: 1;
      }
      [role='listbox'] {
        padding: var(--stele-space-2);
        overflow: auto;
      }
      [role='option'] {
        display: flex;
        align-items: center;
        gap: var(--stele-space-3);
        padding: 9px var(--stele-space-3);
        border-radius: var(--stele-radius-m);
        cursor: pointer;
      }
      [role='option'][aria-selected='true'] {
        background: var(--stele-accent-quiet);
        color: var(--stele-accent);
      }
      .none {
        padding: var(--stele-space-6);
        text-align: center;
      }
    `,
  ];

  declare commands: readonly Command[];
  declare private search: string;
  declare private at: number;

  constructor() {
    super();
    this.search = '';
    this.at = 0;
    this.commands = [];
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  override updated(): void {
    this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  override render(): TemplateResult {
    const found = this.#found();
    const chosen = found[this.at];
    return html`<dialog aria-label="Commands" @close=${this.#closed} @click=${this.#clickedGround}>
      <div class="line">
        <stele-icon name="search" class="quiet"></stele-icon>
        <input
          autofocus
          role="combobox"
          aria-expanded="true"
          aria-controls="list"
          aria-activedescendant=${chosen ? `o-${this.at}` : ''}
          aria-label="Search commands"
          placeholder="What do you want to do?"
          autocomplete="off"
          spellcheck="false"
          @input=${this.#typed}
          @keydown=${this.#pressed}
        />
      </div>
      <div id="list" role="listbox" aria-label="Commands">
        ${found.map((command, index) => this.#option(command, index))}
        ${found.length === 0 ? html`<p class="none quiet">Nothing is called “${this.search}”.</p>` : ''}
      </div>
    </dialog>`;
  }

  #option(command: Command, index: number): TemplateResult {
    return html`<div
      id="o-${index}"
      role="option"
      aria-selected=${index === this.at ? 'true' : 'false'}
      @mousemove=${() => (this.at = index)}
      @click=${() => this.#run(command)}
    >
      <stele-icon name=${command.icon ?? 'chevron-right'}></stele-icon>
      <span class="grow cut">${command.title}</span>
      <span class="quiet small">${command.group}</span>
    </div>`;
  }

  #found(): readonly Command[] {
    return this.commands.filter((command) => matches(this.search, command.title, command.group, command.keywords));
  }

  #typed(event: Event): void {
    this.search = (event.target as HTMLInputElement).value;
    this.at = 0;
  }

  #pressed(event: KeyboardEvent): void {
    const found = this.#found();
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    const chosen = found[this.at];
    if (step !== undefined && found.length > 0) this.at = (this.at + step + found.length) % found.length;
    else if (event.key === 'Enter' && chosen) this.#run(chosen);
    else return;
    event.preventDefault();
  }

  #run(command: Command): void {
    this.renderRoot.querySelector('dialog')?.close();
    command.run();
  }

  #clickedGround(event: Event): void {
    if (event.target === event.currentTarget) this.renderRoot.querySelector('dialog')?.close();
  }

  #closed(): void {
    this.dispatchEvent(new Event('close'));
  }
}

defineOnce('stele-palette', Palette);
