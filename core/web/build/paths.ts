import { dirname } from 'node:path';

/** The workspace of the page. */
export const web: string = dirname(import.meta.dirname);
/** The repository. */
export const root: string = dirname(dirname(web));
