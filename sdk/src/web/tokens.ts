/**
 * The page's design tokens as CSS: custom properties on `:root`, which reach every shadow root. Panels use these names
 * and no literal colour, space, radius, shadow or time. A site changes its accent by `--stele-accent-hue` alone.
 *
 * | tokens | for |
 * |---|---|
 * | `--stele-canvas`, `-surface`, `-raised`, `-sunken`, `-hover`, `-border`, `-border-strong` | grounds and lines |
 * | `--stele-text`, `-text-quiet` | words; both ≥ 4.5 : 1 on every ground |
 * | `--stele-accent`, `-accent-fill`, `-on-accent`, `-accent-quiet` | the one accent: as text, as ground, on it, softly |
 * | `--stele-waiting`, `-working`, `-ready`, `-attention`, `-ended` (each with `-quiet`) | status: words and grounds |
 * | `--stele-skeleton` | ground of what is still to come |
 * | `--stele-space-1` … `-12` | steps of 4 px |
 * | `--stele-radius-s`, `-m`, `-l`, `-pill` | corners |
 * | `--stele-size-xs` … `-3xl` | type scale |
 * | `--stele-shadow-1` … `-3` | elevation |
 * | `--stele-fast`, `-normal` | motion; 0 under reduced motion |
 * | `--stele-font`, `--stele-mono` | what people read; what machines say |
 */
export const tokens = `
:root {
  color-scheme: light dark;
  --stele-accent-hue: 275;

  --stele-canvas: light-dark(oklch(0.978 0.003 265), oklch(0.17 0.011 265));
  --stele-surface: light-dark(#fff, oklch(0.212 0.012 265));
  --stele-raised: light-dark(#fff, oklch(0.25 0.014 265));
  --stele-sunken: light-dark(oklch(0.958 0.004 265), oklch(0.145 0.01 265));
  --stele-hover: light-dark(oklch(0.3 0.03 265 / 6%), oklch(1 0 0 / 7%));
  --stele-border: light-dark(oklch(0.91 0.006 265), oklch(0.31 0.014 265));
  --stele-border-strong: light-dark(oklch(0.63 0.014 265), oklch(0.55 0.018 265));
  --stele-text: light-dark(oklch(0.24 0.02 265), oklch(0.94 0.006 265));
  --stele-text-quiet: light-dark(oklch(0.475 0.02 265), oklch(0.745 0.014 265));

  --stele-accent: light-dark(oklch(0.48 0.19 var(--stele-accent-hue)), oklch(0.77 0.11 var(--stele-accent-hue)));
  --stele-accent-fill: light-dark(oklch(0.48 0.19 var(--stele-accent-hue)), oklch(0.53 0.18 var(--stele-accent-hue)));
  --stele-on-accent: #fff;
  --stele-accent-quiet: light-dark(oklch(0.952 0.024 var(--stele-accent-hue)), oklch(0.3 0.06 var(--stele-accent-hue)));
  --stele-focus: light-dark(oklch(0.55 0.2 var(--stele-accent-hue)), oklch(0.75 0.13 var(--stele-accent-hue)));

  --stele-waiting: light-dark(oklch(0.47 0.095 70), oklch(0.84 0.11 82));
  --stele-waiting-quiet: light-dark(oklch(0.957 0.04 85), oklch(0.3 0.045 75));
  --stele-working: light-dark(oklch(0.46 0.12 245), oklch(0.81 0.09 235));
  --stele-working-quiet: light-dark(oklch(0.953 0.025 240), oklch(0.29 0.05 245));
  --stele-ready: light-dark(oklch(0.44 0.1 155), oklch(0.83 0.12 155));
  --stele-ready-quiet: light-dark(oklch(0.953 0.036 155), oklch(0.285 0.045 155));
  --stele-attention: light-dark(oklch(0.48 0.17 25), oklch(0.8 0.11 25));
  --stele-attention-quiet: light-dark(oklch(0.956 0.022 25), oklch(0.3 0.06 25));
  --stele-attention-fill: light-dark(oklch(0.52 0.19 25), oklch(0.53 0.18 25));
  --stele-ended: var(--stele-text-quiet);
  --stele-ended-quiet: light-dark(oklch(0.948 0.005 265), oklch(0.29 0.013 265));
  --stele-skeleton: linear-gradient(100deg, var(--stele-ended-quiet) 40%, var(--stele-sunken) 50%, var(--stele-ended-quiet) 60%) 0 0 / 300% 100%;

  --stele-space-1: 4px;
  --stele-space-2: 8px;
  --stele-space-3: 12px;
  --stele-space-4: 16px;
  --stele-space-5: 20px;
  --stele-space-6: 24px;
  --stele-space-8: 32px;
  --stele-space-10: 40px;
  --stele-space-12: 48px;

  --stele-radius-s: 6px;
  --stele-radius-m: 9px;
  --stele-radius-l: 14px;
  --stele-radius-pill: 999px;

  --stele-font: ui-sans-serif, system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  --stele-mono: ui-monospace, "SF Mono", "Cascadia Mono", "Noto Sans Mono", "DejaVu Sans Mono", monospace;
  --stele-size-xs: 0.75rem;
  --stele-size-s: 0.8125rem;
  --stele-size-m: 0.9375rem;
  --stele-size-l: 1.0625rem;
  --stele-size-xl: 1.25rem;
  --stele-size-2xl: 1.625rem;
  --stele-size-3xl: 2.125rem;

  --stele-shadow-1: 0 1px 2px light-dark(oklch(0.3 0.03 265 / 8%), oklch(0 0 0 / 40%));
  --stele-shadow-2: 0 1px 2px light-dark(oklch(0.3 0.03 265 / 7%), oklch(0 0 0 / 35%)),
    0 6px 18px -4px light-dark(oklch(0.3 0.03 265 / 12%), oklch(0 0 0 / 50%));
  --stele-shadow-3: 0 2px 6px light-dark(oklch(0.3 0.03 265 / 8%), oklch(0 0 0 / 40%)),
    0 20px 48px -8px light-dark(oklch(0.3 0.03 265 / 22%), oklch(0 0 0 / 65%));

  --stele-fast: 120ms;
  --stele-normal: 200ms;
  --stele-measure: 70ch;
}
:root[data-theme='light'] { color-scheme: light; }
:root[data-theme='dark'] { color-scheme: dark; }
@media (prefers-reduced-motion: reduce) {
  :root { --stele-fast: 0ms; --stele-normal: 0ms; }
}
${webAwesomeTokens()}`;

/** Web Awesome reads the same tokens by its own names; its own light and dark classes are then never needed. */
function webAwesomeTokens(): string {
  const families: readonly (readonly [family: string, tone: string, fill: string])[] = [
    ['brand', 'accent', 'accent-fill'],
    ['success', 'ready', 'ready'],
    ['warning', 'waiting', 'waiting'],
    ['danger', 'attention', 'attention-fill'],
  ];
  return `:root {
  ${families.map(([family, tone, fill]) => webAwesomeFamily(family, `--stele-${tone}`, `--stele-${fill}`)).join('\n  ')}
  --wa-color-neutral-fill-quiet: var(--stele-sunken);
  --wa-color-neutral-fill-normal: var(--stele-ended-quiet);
  --wa-color-neutral-fill-loud: var(--stele-text);
  --wa-color-neutral-border-quiet: var(--stele-border);
  --wa-color-neutral-border-normal: var(--stele-border);
  --wa-color-neutral-border-loud: var(--stele-border-strong);
  --wa-color-neutral-on-quiet: var(--stele-text);
  --wa-color-neutral-on-normal: var(--stele-text);
  --wa-color-neutral-on-loud: var(--stele-surface);
  --wa-color-surface-raised: var(--stele-raised);
  --wa-color-surface-default: var(--stele-surface);
  --wa-color-surface-lowered: var(--stele-sunken);
  --wa-color-surface-border: var(--stele-border);
  --wa-color-text-normal: var(--stele-text);
  --wa-color-text-quiet: var(--stele-text-quiet);
  --wa-color-text-link: var(--stele-accent);
  --wa-color-overlay-modal: light-dark(oklch(0.2 0.02 265 / 38%), oklch(0 0 0 / 60%));
  --wa-color-focus: var(--stele-focus);
  --wa-color-mix-hover: light-dark(#000, #fff) 8%;
  --wa-color-mix-active: light-dark(#000, #fff) 14%;
  --wa-form-control-placeholder-color: var(--stele-text-quiet);
  --wa-form-control-border-color: var(--stele-border-strong);
  --wa-form-control-padding-block: 0.55em;
  --wa-form-control-padding-inline: 0.95em;
  --wa-font-family-body: var(--stele-font);
  --wa-font-family-heading: var(--stele-font);
  --wa-font-family-code: var(--stele-mono);
  --wa-font-size-2xs: var(--stele-size-xs);
  --wa-font-size-xs: var(--stele-size-xs);
  --wa-font-size-s: var(--stele-size-s);
  --wa-font-size-m: var(--stele-size-m);
  --wa-font-size-l: var(--stele-size-l);
  --wa-font-size-xl: var(--stele-size-xl);
  --wa-border-radius-s: var(--stele-radius-s);
  --wa-border-radius-m: var(--stele-radius-m);
  --wa-border-radius-l: var(--stele-radius-l);
  --wa-focus-ring-width: 2px;
  --wa-focus-ring-offset: 2px;
  --wa-shadow-s: var(--stele-shadow-1);
  --wa-shadow-m: var(--stele-shadow-2);
  --wa-shadow-l: var(--stele-shadow-3);
  --wa-transition-fast: var(--stele-fast);
  --wa-transition-normal: var(--stele-fast);
  --wa-transition-slow: var(--stele-normal);
}
`;
}

function webAwesomeFamily(family: string, tone: string, fill: string): string {
  const name = `--wa-color-${family}`;
  return `${name}-fill-quiet: var(${tone}-quiet);
  ${name}-fill-normal: var(${tone}-quiet);
  ${name}-fill-loud: var(${fill});
  ${name}-border-quiet: color-mix(in oklab, var(${tone}) 22%, transparent);
  ${name}-border-normal: color-mix(in oklab, var(${tone}) 40%, transparent);
  ${name}-border-loud: var(${tone});
  ${name}-on-quiet: var(${tone});
  ${name}-on-normal: var(${tone});
  ${name}-on-loud: ${fill.endsWith('-fill') ? '#fff' : 'var(--stele-surface)'};`;
}
