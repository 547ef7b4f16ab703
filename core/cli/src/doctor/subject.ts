import type { Site } from '@stele/server/inspect';

/** What is examined. */
export interface Subject {
  readonly site: Site;
  /** Absolute path of the site file. */
  readonly siteFile: string;
  /** Absolute path; may not exist yet. */
  readonly dataDir: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Process that runs on the data folder now. */
  readonly runningAs: number | undefined;
}
