import { baseStyles, defineOnce, type LiveEvents, type Unsubscribe } from '@stele/sdk/web';
import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';

const patience = 2500;

/** A quiet line while the live connection is lost; it goes by itself when it is back. Short cuts show nothing. */
class LiveLine extends LitElement {
  static override properties: PropertyDeclarations = { events: { attribute: false }, isLost: { state: true } };
  static override styles = [
    baseStyles,
    css`
      :host {
        position: sticky;
        inset-block-start: 0;
        z-index: 5;
      }
      p {
        display: flex;
        justify-content: center;
        gap: var(--stele-space-2);
        max-inline-size: none;
        padding: 6px var(--stele-space-4);
        font-size: var(--stele-size-s);
        color: var(--stele-waiting);
        background: var(--stele-waiting-quiet);
      }
    `,
  ];

  declare events: LiveEvents;
  declare private isLost: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #end: Unsubscribe | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.isLost = false;
    this.#end = this.events.onState(() => this.#changed());
    this.#changed();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
    clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    return html`<div role="status">
      ${
        this.isLost
          ? html`<p><stele-icon name="wifi-off"></stele-icon>Reconnecting… What you see may be a few moments old.</p>`
          : nothing
      }
    </div>`;
  }

  #changed(): void {
    clearTimeout(this.#timer);
    if (this.events.state !== 'lost') this.isLost = false;
    else this.#timer = setTimeout(() => (this.isLost = true), patience);
  }
}

defineOnce('stele-live-line', LiveLine);
