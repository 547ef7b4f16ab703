/** One step from a storage's root to where the user is. */
export interface Crumb {
  readonly name: string;
  readonly path: string;
}

/** The steps below the root, outermost first. */
export function crumbsOf(path: string): readonly Crumb[] {
  const parts = partsOf(path);
  return parts.map((name, index) => ({ name, path: parts.slice(0, index + 1).join('/') }));
}

export function partsOf(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '');
}

export function parentOf(path: string): string {
  return partsOf(path).slice(0, -1).join('/');
}

export function nameOf(path: string): string {
  return partsOf(path).at(-1) ?? '';
}

export function joined(folder: string, name: string): string {
  return [...partsOf(folder), ...partsOf(name)].join('/');
}

/** Whether `path` is `folder` or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** Where dropping these on `folder` would do nothing, or put a folder into itself. */
export function isUselessMove(paths: readonly string[], folder: string): boolean {
  return (
    paths.length === 0 ||
    paths.some((path) => isWithin(folder, path)) ||
    paths.every((path) => parentOf(path) === folder)
  );
}

const longestName = 255;

/** What is wrong with a name for a file or folder, in a sentence. */
export function nameComplaint(name: string): string | undefined {
  if (name.trim() === '') return 'A name is needed.';
  if (name === '.' || name === '..') return 'This name is taken by the system.';
  if (name.includes('/')) return 'A name can’t contain “/”.';
  if (/[\u0000-\u001f\u007f]/.test(name)) return 'A name can’t contain control characters.';
  if (bytesOf(name) > longestName)
    return `At most ${longestName} bytes; accented letters and emoji count more than one.`;
  return undefined;
}

export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** A name in its stem and its extension with the dot: `data.tar.gz` → `data`, `.tar.gz`; `.bashrc` has none. */
export function splitName(name: string): readonly [stem: string, extension: string] {
  const match = /^(.+?)((?:\.tar)?\.[A-Za-z0-9]{1,12})$/u.exec(name);
  return match ? [match[1] ?? name, match[2] ?? ''] : [name, ''];
}

/** The first free name like `report (2).pdf` beside `report.pdf`, short enough for a file system. */
export function keepBothName(name: string, isTaken: (name: string) => boolean): string {
  const [stem, extension] = splitName(name);
  const counted = /^(.+) \((\d{1,6})\)$/u.exec(stem);
  const base = counted?.[1] ?? stem;
  for (let n = counted ? Number(counted[2]) + 1 : 2; ; n++) {
    const suffix = ` (${n})${extension}`;
    const candidate = cut(base, longestName - bytesOf(suffix)) + suffix;
    if (!isTaken(candidate)) return candidate;
  }
}

function cut(text: string, bytes: number): string {
  const characters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  while (bytesOf(characters.join('')) > bytes) characters.pop();
  return characters.join('');
}
