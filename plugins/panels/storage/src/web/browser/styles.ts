import { css } from 'lit';

/** Frame of the file manager. */
export const browserStyles = css`
  :host {
    --line: 46px;
  }
  .browser {
    position: relative;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    min-block-size: 60vh;
    background: var(--stele-surface);
    border: 1px solid var(--stele-border);
    border-radius: var(--stele-radius-l);
    box-shadow: var(--stele-shadow-1);
  }
  .bar {
    position: sticky;
    inset-block-start: 0;
    z-index: 3;
    display: flex;
    align-items: center;
    gap: var(--stele-space-1);
    min-block-size: 56px;
    padding: var(--stele-space-2) var(--stele-space-3) var(--stele-space-2) var(--stele-space-4);
    background: var(--stele-surface);
    border-block-end: 1px solid var(--stele-border);
    border-start-start-radius: var(--stele-radius-l);
    border-start-end-radius: var(--stele-radius-l);
  }
  .bar:dir(rtl) {
    padding: var(--stele-space-2) var(--stele-space-4) var(--stele-space-2) var(--stele-space-3);
  }
  .bar.choosing {
    background: var(--stele-accent-quiet);
  }
  nav {
    flex: 1;
    min-inline-size: 0;
    overflow: auto hidden;
    scrollbar-width: none;
  }
  nav ol {
    display: flex;
    align-items: center;
    inline-size: max-content;
    min-inline-size: 100%;
  }
  nav li {
    display: flex;
    align-items: center;
  }
  nav a {
    display: block;
    max-inline-size: 16rem;
    padding: 5px 8px;
    color: var(--stele-text-quiet);
    text-decoration: none;
    outline-offset: -2px;
  }
  nav a:hover,
  nav a.target {
    background: var(--stele-hover);
  }
  nav a.target {
    outline: 2px solid var(--stele-accent);
  }
  nav a[aria-current] {
    color: var(--stele-text);
    font-weight: 620;
  }
  .choosing > .numbers {
    margin-inline: var(--stele-space-2);
  }
  .chosen-words {
    font-weight: 580;
  }
  .body {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-items: stretch;
  }
  .body.split {
    grid-template-columns: minmax(0, 1fr) clamp(16rem, 30%, 26rem);
  }
  aside {
    border-inline-start: 1px solid var(--stele-border);
  }
  aside .inner {
    position: sticky;
    inset-block-start: 56px;
    padding: var(--stele-space-4);
  }
  aside h2 {
    padding-block: 7px;
    font-size: var(--stele-size-m);
    overflow-wrap: anywhere;
  }
  aside .row {
    flex-wrap: nowrap;
    align-items: flex-start;
    margin-block-end: var(--stele-space-3);
  }
  .files {
    min-inline-size: 0;
    outline: none;
  }
  .reading {
    padding: var(--stele-space-2) var(--stele-space-4);
    color: var(--stele-text-quiet);
  }
  .dropping {
    position: absolute;
    inset: 4px;
    z-index: 4;
    display: grid;
    place-items: end center;
    padding: var(--stele-space-6);
    border: 2px dashed var(--stele-accent);
    border-radius: var(--stele-radius-l);
    background: color-mix(in oklab, var(--stele-accent) 7%, transparent);
    pointer-events: none;
  }
  .dropping span {
    position: sticky;
    inset-block-end: var(--stele-space-6);
    padding: var(--stele-space-2) var(--stele-space-4);
    border-radius: var(--stele-radius-pill);
    background: var(--stele-accent-fill);
    color: var(--stele-on-accent);
    font-weight: 580;
  }
  footer {
    padding: var(--stele-space-3) var(--stele-space-4);
    color: var(--stele-text-quiet);
    font-size: var(--stele-size-s);
  }
  .skeletons {
    display: grid;
    gap: 18px;
    padding: var(--stele-space-5) var(--stele-space-4);
  }
  .skeletons stele-skeleton {
    block-size: 26px;
  }
  .wrap {
    padding: var(--stele-space-5);
  }
  .hide {
    display: none;
  }
  @media (max-width: 719px) {
    .bar {
      inset-block-start: 58px;
      padding-inline: var(--stele-space-2);
    }
  }
`;
