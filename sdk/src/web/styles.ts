import { css, type CSSResult } from 'lit';

/** What every shadow root of the page starts with: box model, type, links, focus, and a few words of layout. */
export const baseStyles: CSSResult = css`
  :host {
    display: block;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  h4,
  p,
  ul,
  ol,
  dl,
  dd,
  pre,
  figure {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h1 {
    font-size: var(--stele-size-2xl);
    font-weight: 650;
    letter-spacing: -0.015em;
    line-height: 1.2;
  }
  h2 {
    font-size: var(--stele-size-xl);
    font-weight: 620;
    letter-spacing: -0.01em;
    line-height: 1.3;
  }
  h3 {
    font-size: var(--stele-size-m);
    font-weight: 620;
    line-height: 1.35;
  }
  p {
    max-inline-size: var(--stele-measure);
  }
  a {
    color: var(--stele-accent);
    text-decoration-thickness: 1px;
    text-underline-offset: 3px;
  }
  a,
  button,
  input,
  select,
  textarea,
  summary,
  [tabindex] {
    border-radius: var(--stele-radius-s);
  }
  :focus-visible {
    outline: 2px solid var(--stele-focus);
    outline-offset: 2px;
  }
  code,
  pre,
  .mono {
    font-family: var(--stele-mono);
    font-size: 0.92em;
    overflow-wrap: anywhere;
  }
  .quiet {
    color: var(--stele-text-quiet);
  }
  .small {
    font-size: var(--stele-size-s);
  }
  .numbers {
    font-variant-numeric: tabular-nums;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--stele-space-2);
  }
  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--stele-space-4);
  }
  .end {
    justify-content: flex-end;
  }
  .grow {
    flex: 1;
    min-inline-size: 0;
  }
  .cut {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .clamp {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
    overflow-wrap: anywhere;
  }
  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  wa-dropdown:not(:defined) > :not([slot='trigger']) {
    display: none;
  }
`;

/** A card: the raised surface that lists are made of. Add class `card`; `card link` where the whole card is clicked. */
export const cardStyles: CSSResult = css`
  .card {
    background: var(--stele-surface);
    border: 1px solid var(--stele-border);
    border-radius: var(--stele-radius-l);
    box-shadow: var(--stele-shadow-1);
    padding: var(--stele-space-4) var(--stele-space-5);
    transition:
      box-shadow var(--stele-fast),
      border-color var(--stele-fast);
  }
  .card.link:hover,
  .card.link:focus-within {
    border-color: color-mix(in oklab, var(--stele-accent) 35%, var(--stele-border));
    box-shadow: var(--stele-shadow-2);
  }
  .cards {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr));
    gap: var(--stele-space-4);
  }
`;

/** Native form controls with the look of the page: `label.field > span + input|select|textarea + .hint|.wrong`. */
export const controlStyles: CSSResult = css`
  .field {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--stele-space-1);
    align-content: start;
  }
  .field > label,
  .field > .label {
    font-weight: 560;
    font-size: var(--stele-size-s);
  }
  .field .optional {
    font-weight: 400;
    color: var(--stele-text-quiet);
  }
  input:not([type='checkbox'], [type='radio']),
  select,
  textarea {
    inline-size: 100%;
    min-block-size: 38px;
    padding: 7px 11px;
    font: inherit;
    color: inherit;
    background: var(--stele-surface);
    border: 1px solid var(--stele-border-strong);
    border-radius: var(--stele-radius-m);
    transition: border-color var(--stele-fast);
  }
  input:not([type='checkbox'], [type='radio']):hover:enabled,
  select:hover:enabled,
  textarea:hover:enabled {
    border-color: var(--stele-text-quiet);
  }
  input:focus-visible,
  select:focus-visible,
  textarea:focus-visible {
    outline-offset: 0;
  }
  textarea {
    min-block-size: 84px;
    resize: vertical;
  }
  input::placeholder,
  textarea::placeholder {
    color: var(--stele-text-quiet);
    opacity: 1;
  }
  [aria-invalid='true'] {
    border-color: var(--stele-attention) !important;
  }
  :disabled {
    opacity: 0.6;
    cursor: not-allowed;
  }
  input[type='checkbox'],
  input[type='radio'] {
    inline-size: 18px;
    block-size: 18px;
    margin: 0;
    accent-color: var(--stele-accent-fill);
  }
  .hint,
  .wrong {
    font-size: var(--stele-size-s);
    line-height: 1.4;
  }
  .hint {
    color: var(--stele-text-quiet);
  }
  .wrong {
    display: flex;
    gap: var(--stele-space-1);
    color: var(--stele-attention);
  }
`;
