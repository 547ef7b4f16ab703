import { defineOnce } from '@stele/sdk/web';
import { css, html, LitElement, type TemplateResult } from 'lit';

/** The sign of the house: a stele with three lines. */
class Mark extends LitElement {
  static override styles = css`
    :host {
      display: inline-block;
      inline-size: var(--mark-size, 52px);
      block-size: var(--mark-size, 52px);
    }
    svg {
      display: block;
    }
    .stone {
      fill: var(--stele-accent-fill);
    }
    .lines {
      fill: none;
      stroke: var(--stele-on-accent);
      stroke-width: 2.2;
      stroke-linecap: round;
    }
    .ground {
      stroke: var(--stele-accent-fill);
      stroke-width: 2.5;
      stroke-linecap: round;
    }
  `;

  override render(): TemplateResult {
    return html`<svg viewBox="0 0 32 32" aria-hidden="true">
      <path class="stone" d="M7 29V13a9 9 0 0 1 18 0v16z" />
      <path class="lines" d="M11.5 14.5h9M11.5 19h9M11.5 23.5h5.5" />
      <path class="ground" d="M4 29h24" />
    </svg>`;
  }
}

defineOnce('stele-mark', Mark);
