/** Defines an element unless its tag is taken: a module that is loaded twice must not throw. */
export function defineOnce(tag: string, element: CustomElementConstructor): void {
  if (!customElements.get(tag)) customElements.define(tag, element);
}
