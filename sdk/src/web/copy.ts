/**
 * Copies a text. Browsers offer their clipboard to pages over HTTPS and on the local host alone; elsewhere the old way
 * still works.
 * @returns whether it worked
 */
export async function copyText(text: string): Promise<boolean> {
  // Not there on a page over plain HTTP, whatever the types say.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (!clipboard) return copyBySelection(text);
  try {
    await clipboard.writeText(text);
    return true;
  } catch (error) {
    console.warn('stele: the clipboard refused', error);
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const box = document.createElement('textarea');
  box.value = text;
  box.setAttribute('aria-hidden', 'true');
  document.body.append(box);
  const focused = document.activeElement as HTMLElement | null;
  box.select();
  const worked = document.execCommand('copy');
  box.remove();
  focused?.focus();
  return worked;
}
