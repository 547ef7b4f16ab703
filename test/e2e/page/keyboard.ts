import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** How far a person goes with the tabulator before giving up. */
const most = 80;

/** What has the focus, by its label; across shadow roots. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    let at: Element | null = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    if (at === null) return '';
    const labels = (at as HTMLInputElement).labels ?? [];
    const words = at.getAttribute('aria-label') ?? [...labels].map((label) => label.textContent).join(' ');
    const host = (at.getRootNode() as ShadowRoot).host;
    const own = at.localName === 'button' && host?.localName.startsWith('wa-') ? host.textContent : at.textContent;
    return (words || own || '')
      .replaceAll(/\s+/g, ' ')
      .trim()
      .replace(/ optional$/, '');
  });
}

/** Goes on with the tabulator until `label` has the focus. @returns what had it on the way */
export async function tabTo(page: Page, label: string): Promise<readonly string[]> {
  const way: string[] = [];
  for (let step = 0; step < most; step += 1) {
    const at = await focused(page);
    if (at === label) return way;
    way.push(at);
    await page.keyboard.press('Tab');
  }
  return assert.fail(`the tabulator does not lead to “${label}”, but to ${way.join(', ')}`);
}
