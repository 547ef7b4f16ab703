import { html, type TemplateResult } from 'lit';

/** A secret that is shown once, and how it is spoken of. */
export interface Once {
  /** Name of the card for screen readers. */
  readonly label: string;
  readonly icon: string;
  readonly heading: TemplateResult | string;
  readonly secret: string;
  /** What the button that copies it is called. */
  readonly copy: string;
  /** What stands below it. */
  readonly more: TemplateResult;
  /** The user has it: it can go. */
  readonly done: () => void;
}

/** The card of a secret that is shown this one time. */
export function onceCard({ label, icon, heading, secret, copy, more, done }: Once): TemplateResult {
  return html`<div class="card once" role="group" aria-label=${label}>
    <h3><stele-icon name=${icon}></stele-icon> ${heading}</h3>
    ${secretLine(html`<code>${secret}</code>`, secret, copy)} ${more}
    <div><wa-button appearance="outlined" size="s" @click=${done}>I have it</wa-button></div>
  </div>`;
}

/** Something to copy, with its button. */
export function secretLine(shown: TemplateResult, text: string, copy: string): TemplateResult {
  return html`<div class="secret">${shown}<stele-copy text=${text} label=${copy}></stele-copy></div>`;
}
