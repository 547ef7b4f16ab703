import type { Stage } from '../model/index.ts';

const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Bytes as people write them: three digits at most, decimal units. */
export function sizeWords(bytes: number): string {
  const step = bytes < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** step;
  const digits = step === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${bytes === 1 ? 'byte' : units[step]}`;
}

/** How far it is: `3 of 10 files, 12.0 MB of 1.2 GB`. */
export function progressWords({ files, bytes, allFiles, allBytes }: Stage): string {
  if (allFiles === undefined || allBytes === undefined) return 'counting files';
  const noun = allFiles === 1 ? 'file' : 'files';
  return `${files} of ${allFiles} ${noun}, ${sizeWords(bytes)} of ${sizeWords(allBytes)}`;
}
