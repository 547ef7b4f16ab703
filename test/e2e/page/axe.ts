import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** The rules that look at colours. */
const aboutColours = ['color-contrast', 'link-in-text-block'];

/**
 * What axe finds wrong with what a page shows: a line for each element.
 * @param onlyColours where nothing but colours has changed since the last look; else all its rules are applied
 */
export async function violations(page: Page, onlyColours = false): Promise<string[]> {
  // Through the debugger's door: the page's own policy would let no foreign script in.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  const options = { resultTypes: ['violations'], ...(onlyColours ? { runOnly: aboutColours } : {}) };
  const { violations: found } = await page.evaluate<Pick<AxeResults, 'violations'>>(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => ({ violations }))`,
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary = '' }) =>
        `${id} at ${target.flat().join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`,
    ),
  );
}
