import type { FileItem } from '@stele/sdk/api';
import { splitName } from './paths.ts';

export const sortKeys = ['name', 'size', 'modified', 'kind'] as const;
export type SortKey = (typeof sortKeys)[number];

export interface Sorting {
  readonly key: SortKey;
  readonly isDescending: boolean;
}

/** Whether it is what the server gives by itself: folders first, then by name. */
export function isServerSorting({ key, isDescending }: Sorting): boolean {
  return key === 'name' && !isDescending;
}

/** Folders stay first whatever the order; what is equal goes by name. */
export function sorted(items: readonly FileItem[], sorting: Sorting, locale?: string): readonly FileItem[] {
  const names = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
  const sign = sorting.isDescending ? -1 : 1;
  const compare = comparers[sorting.key];
  return items.toSorted(
    (a, b) =>
      Number(b.kind === 'folder') - Number(a.kind === 'folder') ||
      sign * compare(a, b, names) ||
      names.compare(a.name, b.name) ||
      (a.name < b.name ? -1 : 1),
  );
}

type Compare = (a: FileItem, b: FileItem, names: Intl.Collator) => number;

const comparers: Readonly<Record<SortKey, Compare>> = {
  name: (a, b, names) => names.compare(a.name, b.name),
  size: (a, b) => a.size - b.size,
  modified: (a, b) => timeOf(a) - timeOf(b),
  kind: (a, b, names) => names.compare(kindOf(a), kindOf(b)),
};

/** What has no time is older than everything. */
const timeOf = ({ modifiedAt }: FileItem): number => (modifiedAt === undefined ? 0 : Date.parse(modifiedAt));

const families: readonly (readonly [word: string, icon: string, extensions: RegExp])[] = [
  ['Image', 'image', /^(png|jpe?g|gif|webp|avif|bmp|svg|tiff?|ico)$/],
  ['Notebook', 'notebook', /^ipynb$/],
  ['Table', 'table', /^(csv|tsv|xlsx?|ods|parquet|feather)$/],
  ['Data', 'database', /^(h5|hdf5?|nc|fits?|root|npy|npz|mat|zarr|sqlite|db)$/],
  ['Archive', 'package', /^(zip|gz|tgz|bz2|xz|zst|tar|7z|rar)$/],
  ['Code', 'code', /^(py|r|jl|c|cc|cpp|h|hpp|f90|f|m|js|ts|rs|go|java|sh|sql|html|css|tex|lua|pl)$/],
  ['Text', 'file-text', /^(txt|md|rst|log|json|ya?ml|toml|xml|ini|cfg|conf|out|err|bib)$/],
  ['Document', 'book', /^(pdf|docx?|odt|pptx?|odp|epub)$/],
];

export function extensionOf(name: string): string {
  return splitName(name)[1].split('.').at(-1)?.toLowerCase() ?? '';
}

/** What an entry is, in a word for people. */
export function kindOf(item: Pick<FileItem, 'kind' | 'name'>): string {
  if (item.kind === 'folder') return 'Folder';
  if (item.kind === 'link') return 'Link';
  if (item.kind === 'other') return 'Special file';
  const extension = extensionOf(item.name);
  return family(extension)?.[0] ?? (extension === '' ? 'File' : `${extension.toUpperCase()} file`);
}

export function iconOf(item: Pick<FileItem, 'kind' | 'name'>): string {
  if (item.kind === 'folder') return 'folder';
  if (item.kind === 'link') return 'link';
  return family(extensionOf(item.name))?.[1] ?? 'file';
}

function family(extension: string): (typeof families)[number] | undefined {
  return families.find(([, , extensions]) => extensions.test(extension));
}
