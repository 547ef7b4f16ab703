import { css } from 'lit';

/** Lines and tiles. */
export const entryStyles = css`
  .rows {
    position: relative;
  }
  .drawn {
    position: absolute;
    inset-inline: 0;
  }
  .probe {
    position: absolute;
    inset-inline-start: 0;
    inline-size: 1px;
    pointer-events: none;
    scroll-margin-block: 72px 96px;
  }
  .columns,
  .line {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 6.5rem 9.5rem 7.5rem 40px;
    gap: var(--stele-space-3);
    align-items: center;
    padding-inline: var(--stele-space-4) var(--stele-space-2);
  }
  .columns {
    position: sticky;
    inset-block-start: 56px;
    z-index: 2;
    min-block-size: 36px;
    background: var(--stele-surface);
    border-block-end: 1px solid var(--stele-border);
  }
  .columns button {
    padding: 4px 6px;
    margin-inline-start: -6px;
    border: 0;
    background: none;
    color: var(--stele-text-quiet);
    font: inherit;
    font-size: var(--stele-size-s);
    font-weight: 560;
    cursor: pointer;
  }
  .columns button:hover {
    color: var(--stele-text);
    background: var(--stele-hover);
  }
  .columns stele-icon {
    font-size: 0.8em;
    margin-inline-start: 2px;
  }
  .columns .size,
  .line .size {
    text-align: end;
  }
  .columns .size button {
    margin-inline: 0 -6px;
  }
  .columns .first {
    padding-inline-start: 64px;
  }
  .columns .modified,
  .line .modified {
    padding-inline-start: var(--stele-space-4);
  }
  .line {
    position: relative;
    block-size: var(--line);
    border-block-end: 1px solid color-mix(in oklab, var(--stele-border) 55%, transparent);
    color: var(--stele-text-quiet);
    font-size: var(--stele-size-s);
    cursor: default;
    user-select: none;
  }
  .line:hover {
    background: var(--stele-hover);
  }
  .first {
    display: flex;
    align-items: center;
    gap: var(--stele-space-3);
    min-inline-size: 0;
  }
  .name {
    text-align: -webkit-match-parent;
    text-align: match-parent;
    color: var(--stele-text);
    font-size: var(--stele-size-m);
  }
  .names {
    display: grid;
    min-inline-size: 0;
  }
  .under {
    display: none;
  }
  .icon {
    font-size: 18px;
    color: var(--stele-text-quiet);
  }
  .icon.folder {
    color: var(--stele-accent);
  }
  .box {
    display: grid;
    place-items: center;
    flex: none;
    inline-size: 18px;
    block-size: 18px;
    border: 1.5px solid var(--stele-border-strong);
    border-radius: 5px;
    background: var(--stele-surface);
    color: var(--stele-on-accent);
    font-size: 12px;
  }
  .chosen .box {
    border-color: var(--stele-accent-fill);
    background: var(--stele-accent-fill);
  }
  .chosen,
  .chosen:hover {
    background: var(--stele-accent-quiet);
  }
  .target {
    outline: 2px solid var(--stele-accent);
    outline-offset: -2px;
  }
  .gone > * {
    opacity: 0.55;
  }
  .files:focus-visible .cursor {
    outline: 2px solid var(--stele-focus);
    outline-offset: -2px;
  }
  .files:focus-visible:not(:has(.cursor)) {
    outline: 2px solid var(--stele-focus);
    outline-offset: -2px;
  }
  .dots {
    display: grid;
    place-items: center;
    inline-size: 36px;
    block-size: 36px;
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    cursor: pointer;
  }
  .dots:hover {
    background: var(--stele-hover);
  }
  .waits {
    grid-column: 1 / -1;
    padding-inline-start: 64px;
  }
  .waits stele-skeleton {
    inline-size: 14rem;
  }
  .tiles {
    padding: var(--stele-space-3);
  }
  .tiles .drawn {
    display: grid;
    gap: 12px;
  }
  .tile {
    position: relative;
    display: grid;
    justify-items: center;
    align-content: start;
    gap: 2px;
    block-size: 136px;
    padding: var(--stele-space-4) var(--stele-space-2) var(--stele-space-2);
    border: 1px solid transparent;
    border-radius: var(--stele-radius-m);
    text-align: center;
    cursor: default;
    user-select: none;
  }
  .tile:hover {
    background: var(--stele-hover);
  }
  .tile .icon {
    margin-block-end: var(--stele-space-2);
    font-size: 34px;
  }
  .tile .name {
    font-size: var(--stele-size-s);
    line-height: 1.3;
  }
  .tile .box {
    position: absolute;
    inset-block-start: 8px;
    inset-inline-start: 8px;
    opacity: 0;
  }
  .tile:hover .box,
  .tile.chosen .box {
    opacity: 1;
  }
  .tile stele-skeleton {
    inline-size: 100%;
    block-size: 100%;
  }
  .narrow {
    --line: 60px;
  }
  .narrow .columns {
    display: none;
  }
  .narrow .line {
    grid-template-columns: minmax(0, 1fr) 40px;
  }
  .narrow :is(.size, .modified, .kind) {
    display: none;
  }
  .narrow .under {
    display: block;
  }
  .middle .columns,
  .middle .line {
    grid-template-columns: minmax(0, 1fr) 6rem 8.5rem 40px;
  }
  .middle .kind {
    display: none;
  }
  @media (hover: none) {
    .tile .box {
      opacity: 1;
    }
  }
`;
