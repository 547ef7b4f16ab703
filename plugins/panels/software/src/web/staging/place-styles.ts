import { css, type CSSResult } from 'lit';

/** Looks of the dialog in which a place is chosen. */
export const placeStyles: CSSResult = css`
  /* Out of the flow of where it lies: it shows itself on top of all. */
  :host {
    position: absolute;
  }
  nav {
    margin-block: var(--stele-space-3);
  }
  nav ol {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
  }
  .list {
    block-size: min(18rem, 42vh);
    margin-block-end: var(--stele-space-3);
    padding: var(--stele-space-1);
    overflow: auto;
    border: 1px solid var(--stele-border);
    border-radius: var(--stele-radius-m);
  }
  button {
    max-inline-size: 100%;
    padding: 6px 10px;
    border: 0;
    border-radius: var(--stele-radius-s);
    background: none;
    color: inherit;
    font: inherit;
    text-align: start;
    overflow-wrap: anywhere;
    cursor: pointer;
  }
  button:hover {
    background: var(--stele-hover);
  }
  button:focus-visible {
    outline-offset: -2px;
  }
  button.entry {
    display: flex;
    gap: var(--stele-space-3);
    align-items: center;
    inline-size: 100%;
    min-block-size: 36px;
  }
  stele-skeleton.entry {
    display: block;
    block-size: 28px;
    margin: 4px 10px;
  }
  .folder,
  .more {
    color: var(--stele-accent);
  }
  .none {
    padding: var(--stele-space-4);
  }
`;
