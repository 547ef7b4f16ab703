import { css, html, LitElement, type PropertyDeclarations, type TemplateResult } from 'lit';
import { defineOnce } from '../define.ts';
import { baseStyles } from '../styles.ts';

/** One of the choices of a {@link SteleSegmented}. */
export interface Segment {
  /** What `value` becomes. */
  readonly value: string;
  /** For people. */
  readonly title: string;
}

/**
 * `<stele-segmented label="Show" .segments=${…} value="all" @change=${…}>`: one of a few choices, all in sight. Radio
 * buttons underneath: arrows move, screen readers count.
 */
export class SteleSegmented extends LitElement {
  static override properties: PropertyDeclarations = { label: {}, segments: { attribute: false }, value: {} };
  static override styles = [
    baseStyles,
    css`
      :host {
        display: inline-block;
        max-inline-size: 100%;
      }
      fieldset {
        display: flex;
        margin: 0;
        padding: 3px;
        overflow-x: auto;
        scrollbar-width: none;
        border: 0;
        border-radius: var(--stele-radius-m);
        background: var(--stele-ended-quiet);
      }
      input {
        position: absolute;
        opacity: 0;
      }
      label {
        position: relative;
        padding: 4px 12px;
        border-radius: var(--stele-radius-s);
        font-size: var(--stele-size-s);
        font-weight: 540;
        white-space: nowrap;
        color: var(--stele-text-quiet);
        cursor: pointer;
      }
      label:hover {
        color: var(--stele-text);
      }
      label:has(:checked) {
        color: var(--stele-text);
        background: var(--stele-raised);
        box-shadow: var(--stele-shadow-1);
      }
      label:has(:focus-visible) {
        outline: 2px solid var(--stele-focus);
      }
    `,
  ];

  /** What is chosen here. */
  declare label: string;
  /** The choices. */
  declare segments: readonly Segment[];
  /** The one chosen. */
  declare value: string;

  override render(): TemplateResult {
    return html`<fieldset>
      <legend class="visually-hidden">${this.label}</legend>
      ${(this.segments ?? []).map(
        (segment) =>
          html`<label
            ><input
              type="radio"
              name="segment"
              .checked=${segment.value === this.value}
              @change=${() => this.#choose(segment.value)}
            />${segment.title}</label
          >`,
      )}
    </fieldset>`;
  }

  #choose(value: string): void {
    this.value = value;
    this.dispatchEvent(new Event('change'));
  }
}

defineOnce('stele-segmented', SteleSegmented);
