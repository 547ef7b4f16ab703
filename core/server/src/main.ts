import 'reflect-metadata';
import { container } from 'tsyringe';
import { type RunningServer, type ServerOptions, startPlatform } from './wiring/index.ts';

export { createLogger } from './log.ts';
export { loadSite, type Site, type SiteFile, SiteSchema } from './site/index.ts';
export type { RunningServer, ServerOptions };

/** Starts a platform. Several may run in one process, each with objects of its own. */
export function startServer(options: ServerOptions): Promise<RunningServer> {
  return startPlatform(options, { core: container.createChildContainer(), plugins: container.createChildContainer() });
}
