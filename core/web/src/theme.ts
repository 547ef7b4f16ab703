import type { ThemeChoice } from '@stele/sdk/web';

// `page.ts` reads it before the first paint.
const key = 'stele.theme';

/** What the user chose. */
export function themeChoice(): ThemeChoice {
  const stored = localStorage.getItem(key);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

/** Chooses, and remembers it in this browser. */
export function chooseTheme(choice: ThemeChoice): void {
  if (choice === 'system') {
    localStorage.removeItem(key);
    delete document.documentElement.dataset['theme'];
  } else {
    localStorage.setItem(key, choice);
    document.documentElement.dataset['theme'] = choice;
  }
}

/** Whether the page is dark right now. */
export function isDark(): boolean {
  const choice = themeChoice();
  return choice === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : choice === 'dark';
}
