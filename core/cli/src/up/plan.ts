import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { defaultHost, defaultPort, loadSite, type Site } from '@stele/server';
import { ControlClient } from '../control/client.ts';
import { alreadyRunning, dataUnusable } from '../errors.ts';
import { siteFile } from '../place.ts';
import type { UpOptions } from '../program.ts';
import { checkPort } from './port.ts';

/** What is about to run, and where. */
export interface Plan {
  readonly site: Site;
  readonly dataDir: string;
  readonly port: number;
  /** Address that the platform listens on. */
  readonly host: string;
}

export function planOf({ data, site: file, port }: UpOptions, environment: NodeJS.ProcessEnv): Plan {
  const site = loadSite(siteFile(file), environment);
  const { site: own = {} } = site.file;
  return {
    site,
    dataDir: resolve(data),
    port: port ?? own.port ?? defaultPort,
    host: own.listen ?? defaultHost,
  };
}

/** Finds out in a moment what would otherwise fail after minutes of preparation. */
export async function checkPlan({ dataDir, port, host }: Plan): Promise<void> {
  makeFolder(dataDir);
  const other = await ControlClient.find(dataDir);
  if (other !== undefined) throw alreadyRunning(dataDir, other.pid);
  await checkPort(port, host);
}

function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw dataUnusable(dataDir, error);
  }
}
