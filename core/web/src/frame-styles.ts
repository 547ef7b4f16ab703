import { css, type CSSResult } from 'lit';

/** Rail and content side by side; below 720 px a strip on top, the bar at the foot. */
export const frameStyles: CSSResult = css`
  :host {
    --rail: 88px;
    display: grid;
    grid-template-columns: var(--rail) minmax(0, 1fr);
    min-block-size: 100dvh;
  }
  .skip {
    position: fixed;
    inset-block-start: -100px;
    inset-inline-start: var(--stele-space-4);
    z-index: 20;
    padding: var(--stele-space-2) var(--stele-space-4);
    font: inherit;
    color: inherit;
    background: var(--stele-raised);
    border: 0;
    box-shadow: var(--stele-shadow-3);
  }
  .skip:focus {
    inset-block-start: var(--stele-space-4);
  }
  nav {
    position: sticky;
    inset-block-start: 0;
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: var(--stele-space-4);
    block-size: 100dvh;
    padding-block: var(--stele-space-4);
    overflow: hidden auto;
    scrollbar-width: none;
    background: var(--stele-surface);
    border-inline-end: 1px solid var(--stele-border);
  }
  stele-mark {
    --mark-size: 34px;
  }
  .home {
    display: grid;
    padding: var(--stele-space-1);
  }
  ul {
    display: grid;
    gap: var(--stele-space-1);
    inline-size: 100%;
  }
  .foot {
    margin-block-start: auto;
  }
  .entry {
    display: grid;
    justify-items: center;
    gap: 3px;
    margin-inline: var(--stele-space-1);
    padding-block: 5px;
    border-radius: var(--stele-radius-m);
    color: var(--stele-text-quiet);
    font-size: var(--stele-size-xs);
    font-weight: 560;
    text-decoration: none;
  }
  .word {
    max-inline-size: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .pill {
    display: grid;
    place-items: center;
    inline-size: 54px;
    block-size: 30px;
    border-radius: var(--stele-radius-pill);
    font-size: 17px;
    transition: background var(--stele-fast);
  }
  .entry:hover {
    color: var(--stele-text);
  }
  .entry:hover .pill {
    background: var(--stele-hover);
  }
  .entry[aria-current] {
    color: var(--stele-accent);
  }
  .entry[aria-current] .pill {
    background: var(--stele-accent-quiet);
  }
  .tools {
    display: grid;
    justify-items: center;
    gap: var(--stele-space-1);
    color: var(--stele-text-quiet);
  }
  .avatar {
    display: grid;
    place-items: center;
    inline-size: 34px;
    block-size: 34px;
    margin: 3px;
    padding: 0;
    border: 0;
    border-radius: 50%;
    font: 620 var(--stele-size-s) / 1 var(--stele-font);
    color: var(--stele-accent);
    background: var(--stele-accent-quiet);
    cursor: pointer;
  }
  .who {
    display: grid;
    max-inline-size: 16rem;
    padding: var(--stele-space-2) var(--stele-space-3);
    color: var(--stele-text);
  }
  .strip {
    display: none;
  }
  .content {
    min-inline-size: 0;
  }
  main {
    max-inline-size: 96rem;
    margin-inline: auto;
    padding: var(--stele-space-8) clamp(16px, 3.5vw, 48px) var(--stele-space-12);
  }
  main,
  main:focus-visible {
    outline: none;
  }

  @media (max-width: 719px) {
    :host {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: auto minmax(0, 1fr);
    }
    .strip {
      position: sticky;
      inset-block-start: 0;
      z-index: 10;
      display: flex;
      align-items: center;
      gap: var(--stele-space-2);
      padding: var(--stele-space-2) var(--stele-space-3);
      font-weight: 600;
      background: var(--stele-surface);
      border-block-end: 1px solid var(--stele-border);
    }
    nav {
      position: fixed;
      inset-block: auto 0;
      inset-inline: 0;
      z-index: 10;
      flex-direction: row;
      gap: 0;
      block-size: auto;
      padding: 4px 4px calc(4px + env(safe-area-inset-bottom));
      overflow: auto hidden;
      border-inline-end: 0;
      border-block-start: 1px solid var(--stele-border);
    }
    nav .home,
    nav .tools {
      display: none;
    }
    ul {
      display: flex;
      flex: 1 0 auto;
      inline-size: auto;
      gap: 0;
    }
    .foot {
      flex-grow: 0;
      margin: 0;
    }
    li {
      flex: 1 0 auto;
      min-inline-size: 62px;
    }
    .pill {
      inline-size: 48px;
      block-size: 28px;
    }
    main {
      padding-block: var(--stele-space-5) 96px;
    }
  }
`;
