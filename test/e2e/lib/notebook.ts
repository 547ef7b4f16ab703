import type { Locator, Page } from 'playwright-core';
import { eventually } from '@stele/sdk/testing';

/** Words of a card's status, as they come, up to `last`. */
export async function statuses(card: Locator, last: string, limit: number): Promise<string[]> {
  const words: string[] = [];
  await eventually(
    () => `it is ${last} (${words.join(', ')})`,
    async () => {
      const word = (await card.locator('stele-status span').first().innerText()).trim();
      if (word !== '' && word !== words.at(-1)) words.push(word);
      return word === last;
    },
    limit,
  );
  return words;
}

/** Opens a notebook and waits for its kernel: what is run before it answers, JupyterLab forgets. */
export async function openNotebook(lab: Page): Promise<void> {
  await lab.locator('.jp-LauncherCard[data-category="Notebook"]').first().click();
  await lab.getByText('Python 3 (ipykernel) | Idle').waitFor();
}

/** Runs code in the last cell of the notebook that is open, and answers what it printed. */
export async function run(lab: Page, code: string): Promise<string> {
  const cells = lab.locator('.jp-Notebook .jp-CodeCell');
  const cell = cells.nth((await cells.count()) - 1);
  await cell.locator('.cm-content').click();
  await lab.keyboard.type(code);
  await lab.keyboard.press('Shift+Enter');
  const output = cell.locator('.jp-OutputArea-output');
  await output.waitFor();
  return (await output.innerText()).trim();
}

/** How many colours a desktop's picture has; 0 while there is none. */
export async function coloursOf(desktop: Page): Promise<number> {
  const canvas = desktop.locator('#noVNC_container canvas');
  if ((await canvas.count()) === 0) return 0;
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    // It is there before it has a size.
    if (width === 0 || height === 0) return 0;
    const data = (element as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data;
    return new Set(new Uint32Array(data?.buffer ?? new ArrayBuffer(0))).size;
  });
}
