import { css, type CSSResult } from 'lit';

/** Looks of cards, rows and the sheet. */
export const taskStyles: CSSResult = css`
  .what a {
    color: inherit;
    text-decoration: none;
  }
  .what a:hover {
    text-decoration: underline;
  }
  .old {
    color: var(--stele-attention);
  }
  .staging {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--stele-space-1);
    overflow-wrap: anywhere;
  }
  .staging progress {
    inline-size: 100%;
    block-size: 6px;
    accent-color: var(--stele-accent);
  }
  .staging .failed {
    color: var(--stele-attention);
  }
  .files {
    gap: var(--stele-space-3);
    padding: var(--stele-space-3) var(--stele-space-4);
    border: 1px solid var(--stele-border);
    border-radius: var(--stele-radius-m);
  }
  .files h3 {
    font-size: var(--stele-size-m);
  }
  .how {
    min-block-size: 2.9em;
    line-height: 1.45;
  }
  .cards {
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr));
  }
  section + section {
    margin-block-start: var(--stele-space-10);
  }
  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--stele-space-3);
    min-block-size: 36px;
    margin-block-end: var(--stele-space-3);
  }
  .head h2 {
    font-size: var(--stele-size-l);
  }
  .search {
    max-inline-size: 22rem;
    margin-block-end: var(--stele-space-5);
  }
  .list {
    overflow: hidden;
    background: var(--stele-surface);
    border: 1px solid var(--stele-border);
    border-radius: var(--stele-radius-l);
  }
  .ended {
    display: grid;
    grid-template-columns: 9.5rem minmax(0, 1fr) 7.5rem 8rem auto;
    align-items: center;
    gap: var(--stele-space-2) var(--stele-space-4);
    padding: var(--stele-space-2) var(--stele-space-3) var(--stele-space-2) var(--stele-space-4);
  }
  .ended + .ended {
    border-block-start: 1px solid var(--stele-border);
  }
  .ended:hover {
    background: var(--stele-hover);
  }
  .what {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }
  .what a {
    font-weight: 560;
  }
  .why {
    color: var(--stele-text-quiet);
  }
  .ran,
  .when {
    text-align: end;
  }
  .tools {
    display: flex;
    color: var(--stele-text-quiet);
  }
  .more {
    margin-block-start: var(--stele-space-3);
    text-align: center;
  }
  .sheet {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--stele-space-3);
    --log-height: max(16rem, calc(100dvh - 24rem));
  }
  wa-tab-group:not(:defined) {
    display: none;
  }
  wa-tab-panel::part(base) {
    padding: var(--stele-space-4) 0 0;
  }
  .lines {
    white-space: pre-line;
  }
  @media (max-width: 480px) {
    .task > header {
      flex-wrap: wrap;
    }
    .task > header .grow {
      flex-basis: 60%;
    }
  }
  @media (max-width: 860px) {
    .ended {
      grid-template-columns: minmax(0, 1fr) auto;
    }
    .ended stele-status {
      justify-self: start;
    }
    .ran {
      display: none;
    }
    .ended .when {
      grid-column: 2;
      grid-row: 1;
    }
    .what {
      grid-column: 1;
    }
  }
`;
