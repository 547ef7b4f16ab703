import 'reflect-metadata';
import { container } from 'tsyringe';
import { DatabasePlace } from './postgres/index.ts';
import type { RunningServer, ServerOptions } from './wiring/index.ts';

export { createLogger } from './log.ts';
export { defaultHost, defaultPort, loadSite, type Site, type SiteFile, SiteSchema } from './site/index.ts';
export type { RunningServer, ServerOptions };

/** Starts a platform. Several may run in one process, each with objects of its own. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { site, dataDir, log } = options;
  const url = site.file.database ?? 'embedded';
  const place = await DatabasePlace.take({ url, dataDir, log: log.child({ room: 'postgres' }) });
  // Here, and not above: the embedded PostgreSQL starts while this is loaded.
  const { startPlatform } = await import('./wiring/index.ts');
  const containers = { core: container.createChildContainer(), plugins: container.createChildContainer() };
  return startPlatform(options, place, containers);
}
