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

/**
 * A card: the raised surface that lists are made of. Add class `card`; `card link` where the whole card is clicked; `card
 * object` for one about a thing, made of `header` (tile, `h3 > a`), words, and `footer` with what can be done. A
 * `<stele-skeleton class="card">` has its place and looks like what waits.
 */
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
  .card.object {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    grid-template-rows: auto 1fr auto;
    gap: var(--stele-space-3);
  }
  .object > header {
    display: flex;
    align-items: flex-start;
    gap: var(--stele-space-3);
  }
  .object > footer {
    display: flex;
    align-items: center;
    gap: var(--stele-space-2);
    min-block-size: 36px;
  }
  .object h3 a {
    color: inherit;
    text-decoration: none;
  }
  .object h3 a:hover {
    text-decoration: underline;
  }
  stele-skeleton.card {
    block-size: 172px;
    border-color: transparent;
    box-shadow: none;
    background: var(--stele-skeleton);
  }
  .cards {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr));
    gap: var(--stele-space-4);
  }
`;

/** What is known of one thing, in a sheet: `dl > div > dt + dd`; `.copied` for a value with its copy button, `.foot` for actions. */
export const factStyles: CSSResult = css`
  dl {
    display: grid;
    gap: var(--stele-space-3);
  }
  dl > div {
    display: grid;
    grid-template-columns: minmax(7rem, 25%) minmax(0, 1fr);
    align-items: center;
    gap: var(--stele-space-3);
    min-block-size: 28px;
  }
  dt {
    color: var(--stele-text-quiet);
    font-size: var(--stele-size-s);
    overflow-wrap: anywhere;
  }
  dd {
    overflow-wrap: anywhere;
  }
  .copied {
    display: flex;
    align-items: center;
    gap: var(--stele-space-1);
  }
  .copied stele-copy {
    margin-block: -6px;
  }
  .foot {
    display: flex;
    flex-wrap: wrap;
    justify-content: end;
    gap: var(--stele-space-2);
  }
  @media (max-width: 480px) {
    dl > div {
      grid-template-columns: minmax(0, 1fr);
      gap: 0;
    }
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
