import { unsafeStatic, type StaticValue } from 'lit/static-html.js';

/**
 * Defines an element that a panel uses inside itself, under a tag that nobody else has: neither another plugin, nor the
 * same plugin's next version in the same page. The result goes into templates of `lit/static-html.js`.
 *
 * @example
 * const cell = ownElement('queue-cell', QueueCell);
 * html`<${cell} .job=${job}></${cell}>`;
 */
export function ownElement(name: string, element: CustomElementConstructor): StaticValue {
  let tag: string;
  do tag = `${name}-${Math.random().toString(36).slice(2, 8)}`;
  while (customElements.get(tag));
  customElements.define(tag, element);
  return unsafeStatic(tag);
}
