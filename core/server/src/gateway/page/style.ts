/** Style of the page that stands in for a task. */
export const pageStyle = `:root {
  color-scheme: light dark;
  --ground: light-dark(#f5f6f8, #14171c);
  --card: light-dark(#ffffff, #1d2128);
  --ink: light-dark(#1b2230, #e8ebf0);
  --soft: light-dark(#566074, #a4adbd);
  --line: light-dark(#dfe3ea, #2e343e);
  --accent: light-dark(#1f5fbf, #7fb0ff);
}
* { box-sizing: border-box; margin: 0; }
body {
  min-height: 100vh;
  display: grid;
  place-items: center;
  padding: 1.5rem;
  background: var(--ground);
  color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif;
}
main {
  width: min(30rem, 100%);
  padding: 2.5rem 2rem;
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 0.75rem;
  text-align: center;
  overflow-wrap: anywhere;
}
h1 { margin: 0.25rem 0 0.5rem; font-size: 1.375rem; line-height: 1.25; }
p { color: var(--soft); }
p + p, div + p { margin-top: 1.25rem; }
.name { font-weight: 600; }
a { color: var(--accent); text-underline-offset: 0.2em; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 2px; }
.mark {
  width: 2.75rem;
  height: 2.75rem;
  margin: 0 auto 1.25rem;
  border: 3px solid var(--line);
  border-radius: 50%;
}
main[aria-busy="true"] .mark { border-top-color: var(--accent); animation: turn 1s linear infinite; }
@keyframes turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) { main[aria-busy="true"] .mark { animation-duration: 4s; } }
`;
