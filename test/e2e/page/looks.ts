import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { violations } from './axe.ts';

/** Where pictures of the page go, if anywhere. */
export const pictures = process.env.STELE_SCREENSHOTS;

const schemes = ['light', 'dark'] as const;

interface Look {
  readonly width: number;
  readonly colorScheme: (typeof schemes)[number];
}

/** As a phone and as a laptop show it, each scheme once: colours don't depend on the width. For pictures, all there is. */
const looks: readonly Look[] =
  pictures === undefined
    ? [
        { width: 360, colorScheme: 'dark' },
        { width: 1280, colorScheme: 'light' },
      ]
    : [360, 768, 1280, 1920].flatMap((width) => schemes.map((colorScheme) => ({ width, colorScheme })));

/** Shows a page in every look: takes pictures where they are wanted. @returns what axe says, and what is too wide */
export async function wrongInLooks(page: Page, scene: string): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const { width, colorScheme } of looks) {
    await page.setViewportSize({ width, height: width < 700 ? 740 : 900 });
    await page.emulateMedia({ colorScheme });
    const name = `${scene}-${width}-${colorScheme}`;
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}.png`) });
    wrong.push(...(await violations(page)).map((line) => `${name}: ${line}`));
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth))
      wrong.push(`${name}: wider than ${width} px`);
  }
  return wrong;
}
