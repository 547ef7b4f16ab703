import { bytesInWords } from '@stele/sdk';
import type { Stage } from '../model/index.ts';

/** How far it is: `3 of 10 files, 12 MB of 1.2 GB`. */
export function progressWords({ files, bytes, allFiles, allBytes }: Stage): string {
  if (allFiles === undefined || allBytes === undefined) return 'counting files';
  const noun = allFiles === 1 ? 'file' : 'files';
  return `${files} of ${allFiles} ${noun}, ${bytesInWords(bytes)} of ${bytesInWords(allBytes)}`;
}
