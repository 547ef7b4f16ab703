import { css, html, LitElement, svg, type PropertyDeclarations, type TemplateResult } from 'lit';
import { defineOnce } from '../define.ts';
import { iconShapes, type IconShape } from '../icons.ts';

/**
 * `<stele-icon name="cube">`: an icon of the page's set, in the colour and at 1.25 × the size of the text around it.
 * Decorative by default; `label` makes it an image with a name.
 */
export class SteleIcon extends LitElement {
  static override properties: PropertyDeclarations = { name: {}, label: {} };
  static override styles = css`
    :host {
      display: inline-block;
      flex: none;
      inline-size: 1.25em;
      block-size: 1.25em;
      vertical-align: -0.27em;
    }
    svg {
      display: block;
      inline-size: 100%;
      block-size: 100%;
      fill: none;
      stroke: currentColor;
      stroke-width: 1.75;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
  `;

  /** Name in the set, see `icons`; an unknown one draws a puzzle piece. */
  declare name: string;
  /** Name for screen readers, when the icon says something that no word beside it says. */
  declare label: string | undefined;

  override render(): TemplateResult {
    const shapes = iconShapes(this.name ?? '').map(shape);
    return this.label
      ? html`<svg viewBox="0 0 24 24" role="img" aria-label=${this.label}>${shapes}</svg>`
      : html`<svg viewBox="0 0 24 24" aria-hidden="true">${shapes}</svg>`;
  }
}

function shape(shape: IconShape): TemplateResult {
  if (shape.tag === 'path') return svg`<path d=${shape.d} />`;
  if (shape.tag === 'circle') return svg`<circle cx=${shape.cx} cy=${shape.cy} r=${shape.r} />`;
  return svg`<rect x=${shape.x} y=${shape.y} width=${shape.width} height=${shape.height} rx=${shape.rx} />`;
}

defineOnce('stele-icon', SteleIcon);
