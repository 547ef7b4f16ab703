import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { copyText } from '../copy.ts';
import { defineOnce } from '../define.ts';
import { baseStyles } from '../styles.ts';
import './icon.ts';

/**
 * `<stele-icon-button icon="trash" label="Delete">`: a square button whose only picture is an icon. The label is its
 * accessible name and its tooltip. Listen to `click`.
 */
export class SteleIconButton extends LitElement {
  static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override properties: PropertyDeclarations = {
    icon: {},
    label: {},
    disabled: { type: Boolean, reflect: true },
    pressed: { type: Boolean },
    expanded: { type: Boolean },
  };
  static override styles = [
    baseStyles,
    css`
      :host {
        display: inline-block;
        flex: none;
      }
      button {
        display: grid;
        place-items: center;
        inline-size: 36px;
        block-size: 36px;
        padding: 0;
        border: 0;
        border-radius: var(--stele-radius-m);
        background: none;
        color: inherit;
        font: inherit;
        cursor: pointer;
        transition: background var(--stele-fast);
      }
      button:hover {
        background: var(--stele-hover);
      }
      button[aria-pressed='true'] {
        background: var(--stele-accent-quiet);
        color: var(--stele-accent);
      }
      button:disabled {
        opacity: 0.5;
        cursor: not-allowed;
      }
    `,
  ];

  /** Name of the icon. */
  declare icon: string;
  /** What it does, in a word or two. */
  declare label: string;
  /** Whether it can't be pressed. */
  declare disabled: boolean;
  /** For a toggle: whether it is on. */
  declare pressed: boolean | undefined;
  /** For what opens something: whether it is open. */
  declare expanded: boolean | undefined;

  override render(): TemplateResult {
    return html`<button
      type="button"
      aria-label=${this.label}
      title=${this.label}
      aria-pressed=${this.pressed ?? nothing}
      aria-expanded=${this.expanded ?? nothing}
      ?disabled=${this.disabled}
    >
      <stele-icon name=${this.icon}></stele-icon>
    </button>`;
  }
}

/** `<stele-copy text="…">`: copies a text, and says so for two seconds. `label` names what is copied. */
export class SteleCopy extends LitElement {
  static override properties: PropertyDeclarations = { text: {}, label: {}, hasCopied: { state: true } };

  /** What is copied. */
  declare text: string;
  /** What the button is called. Default `Copy`. */
  declare label: string | undefined;
  declare private hasCopied: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    return html`<stele-icon-button
      icon=${this.hasCopied ? 'check' : 'copy'}
      label=${this.hasCopied ? 'Copied' : (this.label ?? 'Copy')}
      @click=${this.#copy}
    ></stele-icon-button>`;
  }

  async #copy(): Promise<void> {
    if (!(await copyText(this.text))) return;
    this.hasCopied = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.hasCopied = false), 2000);
  }
}

/**
 * `<stele-tile icon="notebook" seed="JupyterLab">`: an icon on a soft ground whose hue comes from `seed`, so that things
 * of one family look alike and are found again at a glance. Decorative.
 */
export class SteleTile extends LitElement {
  static override properties: PropertyDeclarations = { icon: {}, seed: {} };
  static override styles = css`
    :host {
      display: grid;
      place-items: center;
      flex: none;
      inline-size: 44px;
      block-size: 44px;
      border-radius: var(--stele-radius-m);
      font-size: 19px;
      background: light-dark(oklch(0.94 0.045 var(--tile-hue, 275)), oklch(0.31 0.06 var(--tile-hue, 275)));
      color: light-dark(oklch(0.43 0.12 var(--tile-hue, 275)), oklch(0.85 0.09 var(--tile-hue, 275)));
    }
  `;

  /** Name of the icon. */
  declare icon: string;
  /** What the hue comes from. */
  declare seed: string;

  override updated(): void {
    this.style.setProperty('--tile-hue', String(hueOf(this.seed ?? '')));
  }

  override render(): TemplateResult {
    return html`<stele-icon name=${this.icon}></stele-icon>`;
  }
}

/** A hue of 0–359, always the same for the same text. */
export function hueOf(text: string): number {
  let hash = 2166136261;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619);
  return ((hash >>> 0) % 24) * 15;
}

defineOnce('stele-icon-button', SteleIconButton);
defineOnce('stele-copy', SteleCopy);
defineOnce('stele-tile', SteleTile);
