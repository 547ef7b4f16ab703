import { css, type CSSResult } from 'lit';

/** Looks of cards, details and the launch. */
export const softwareStyles: CSSResult = css`
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--stele-space-3);
  }
  .bar input {
    flex: 1 1 14rem;
    max-inline-size: 22rem;
  }
  .check {
    display: flex;
    align-items: center;
    gap: var(--stele-space-2);
  }
  .owner {
    display: flex;
    align-items: center;
    gap: var(--stele-space-1);
  }
  /* Two lines, also in a card that its neighbour makes taller. */
  .about {
    block-size: 3em;
    line-height: 1.5;
    font-size: var(--stele-size-s);
  }
  .software select,
  .versions {
    min-inline-size: 0;
    min-block-size: 32px;
    padding-block: 3px;
    font-size: var(--stele-size-s);
  }
  .versions {
    inline-size: auto;
    max-inline-size: 50%;
  }
  .dots {
    display: grid;
    place-items: center;
    inline-size: 32px;
    block-size: 32px;
    margin: -4px;
    padding: 0;
    color: var(--stele-text-quiet);
    font: inherit;
    background: none;
    border: 0;
    cursor: pointer;
  }
  .dots:hover {
    background: var(--stele-hover);
  }
  .who,
  .chosen {
    display: flex;
    align-items: center;
    gap: var(--stele-space-3);
  }
  .text {
    overflow-wrap: anywhere;
    white-space: pre-line;
  }
  .steps {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--stele-space-8);
  }
  .step {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: var(--stele-space-3);
  }
  .step > .stack {
    gap: var(--stele-space-4);
  }
  .step h3 {
    line-height: 26px;
  }
  .number {
    display: grid;
    place-items: center;
    inline-size: 26px;
    block-size: 26px;
    border-radius: 50%;
    font-size: var(--stele-size-s);
    font-weight: 640;
    color: var(--stele-accent);
    background: var(--stele-accent-quiet);
  }
  .places {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--stele-space-2);
  }
  .place {
    display: flex;
    align-items: flex-start;
    gap: var(--stele-space-3);
    min-block-size: 64px;
    padding: var(--stele-space-3) var(--stele-space-4);
    border: 1px solid var(--stele-border);
    border-radius: var(--stele-radius-m);
    cursor: pointer;
  }
  .place:has(:checked) {
    border-color: var(--stele-accent);
    background: var(--stele-accent-quiet);
  }
  .place.off {
    cursor: default;
    background: var(--stele-sunken);
  }
  .place input {
    margin-block-start: 3px;
  }
  .place:has(:focus-visible) {
    outline: 2px solid var(--stele-focus);
    outline-offset: 1px;
  }
  .why {
    color: var(--stele-attention);
    overflow-wrap: anywhere;
  }
  .again {
    padding: 0;
    color: var(--stele-accent);
    font: inherit;
    text-decoration: underline;
    background: none;
    border: 0;
    cursor: pointer;
  }
  .staging {
    gap: var(--stele-space-4);
    padding: var(--stele-space-4);
    border: 1px solid var(--stele-border);
    border-radius: var(--stele-radius-m);
  }
  .staging h4 {
    font-weight: 600;
  }
  .staged {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--stele-space-2);
  }
  .staged .chosen {
    min-block-size: 48px;
    padding-inline-start: var(--stele-space-3);
    border-radius: var(--stele-radius-m);
    background: var(--stele-sunken);
  }
  .staged .off {
    color: var(--stele-text-quiet);
  }
  .where {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }
  .note {
    display: flex;
    max-inline-size: none;
    gap: var(--stele-space-2);
    padding: var(--stele-space-3);
    border-radius: var(--stele-radius-m);
    font-size: var(--stele-size-s);
    background: var(--stele-sunken);
  }
  .mounts {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--stele-space-1);
    overflow-wrap: anywhere;
  }
  .note.caution {
    color: var(--stele-waiting);
    background: var(--stele-waiting-quiet);
  }
  .preview summary {
    font-weight: 560;
    color: var(--stele-accent);
    cursor: pointer;
  }
  .code {
    margin-block-start: var(--stele-space-3);
  }
  pre {
    max-block-size: 18rem;
    padding: var(--stele-space-3);
    overflow: auto;
    direction: ltr;
    border: 1px solid var(--stele-border);
    border-radius: var(--stele-radius-m);
    background: var(--stele-sunken);
    white-space: pre-wrap;
  }
`;
