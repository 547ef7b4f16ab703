import { resolve } from 'node:path';
import { defaultData } from '../place.ts';
import { paint } from '../terminal.ts';

export interface Serving {
  readonly url: string;
  /** One-time log-in link of the administrator. */
  readonly login: string;
  readonly dataDir: string;
}

/** For programs: one line. Pure. */
export function asJson({ url, login }: Serving): string {
  return JSON.stringify({ url, login });
}

/** For people. */
export function asText({ url, login, dataDir }: Serving): string {
  const where = dataDir === resolve(defaultData) ? '' : ` --data ${dataDir}`;
  return `
Stele serves at ${paint('bold', url)}

  Log in as the administrator with this link, which works once:
  ${paint('cyan', login)}

  Then pick a software, press play, and choose where it runs.
  Another link: ./stele log-in-link${where}
  To stop: Ctrl-C; running tasks go on.
  Database, files and log are in ${dataDir}
`;
}
