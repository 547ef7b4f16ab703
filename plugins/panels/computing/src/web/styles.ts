import { css } from 'lit';

export const panelStyles = css`
  .search {
    max-inline-size: 24rem;
  }
  .card {
    position: relative;
    display: grid;
    gap: var(--stele-space-3);
    align-content: start;
    block-size: 100%;
  }
  .head {
    display: flex;
    gap: var(--stele-space-3);
    align-items: flex-start;
  }
  .title {
    font-size: var(--stele-size-m);
  }
  .whole {
    color: inherit;
    text-decoration: none;
  }
  .whole::after {
    content: '';
    position: absolute;
    inset: 0;
    border-radius: var(--stele-radius-l);
  }
  .whole:focus-visible {
    outline: none;
  }
  .whole:focus-visible::after {
    outline: 2px solid var(--stele-focus);
    outline-offset: 2px;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: var(--stele-space-2);
  }
  .chips li {
    padding: 1px 9px;
    border: 1px solid var(--stele-border);
    border-radius: var(--stele-radius-pill);
    font-size: var(--stele-size-s);
    overflow-wrap: anywhere;
  }
  .foot {
    display: flex;
    flex-wrap: wrap;
    gap: var(--stele-space-2);
    align-items: center;
  }
  .reason {
    color: var(--stele-attention);
  }
`;

export const detailStyles = css`
  .stack {
    gap: var(--stele-space-6);
  }
  h3 {
    margin-block-end: var(--stele-space-2);
  }
  .head h3 {
    margin: 0;
  }
  .head {
    margin-block-end: var(--stele-space-3);
  }
  .health p {
    margin-block-start: var(--stele-space-2);
    overflow-wrap: anywhere;
  }
  dl {
    display: grid;
    grid-template-columns: minmax(7rem, auto) minmax(0, 1fr);
    gap: var(--stele-space-2) var(--stele-space-4);
  }
  dt {
    color: var(--stele-text-quiet);
    font-size: var(--stele-size-s);
    line-height: 1.7;
  }
  dd {
    overflow-wrap: anywhere;
  }
  stele-skeleton {
    block-size: 20px;
  }
  .note {
    display: flex;
    gap: var(--stele-space-2);
    padding: var(--stele-space-3) var(--stele-space-4);
    border-radius: var(--stele-radius-m);
    background: var(--stele-sunken);
    color: var(--stele-text-quiet);
  }
`;
