import type { Picked, PickedFile } from './store.ts';

/** Everything that was dropped: files, and folders with all that is in them. Call it within the event: the browser forgets it after. */
export function collectDropped(data: DataTransfer): Promise<Picked> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return entries.length > 0 ? walk(entries) : Promise.resolve(collectFiles(data.files));
}

/** Files of an `<input>`; those of a folder carry their path. */
export function collectFiles(list: FileList | null): Picked {
  const files = [...(list ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  return { files, folders: [] };
}

async function walk(roots: readonly FileSystemEntry[]): Promise<Picked> {
  const files: PickedFile[] = [];
  const folders: string[] = [];
  const left = [...roots];
  for (let entry = left.shift(); entry; entry = left.shift()) {
    const path = entry.fullPath.replace(/^\/+/, '');
    if (isFile(entry)) files.push({ path, file: await fileOf(entry) });
    else {
      const children = await childrenOf(entry as FileSystemDirectoryEntry);
      if (children.length === 0) folders.push(path);
      left.push(...children);
    }
  }
  return { files, folders };
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const read = (): Promise<FileSystemEntry[]> => new Promise((resolve, reject) => reader.readEntries(resolve, reject));
  const children: FileSystemEntry[] = [];
  // Chromium hands over 100 at a time; an empty answer is the end.
  for (let part = await read(); part.length > 0; part = await read()) children.push(...part);
  return children;
}
