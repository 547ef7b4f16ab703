import { AccessMethods, ComputingDrivers, type JsonSchema, StorageBackends } from '@stele/sdk';
import type { DependencyContainer } from 'tsyringe';
import { Declared, type DeclaredParts, referenceReader } from '../declared/index.ts';
import type { HostLogger, PluginHost } from '../host/index.ts';
import type { Site } from '../site/index.ts';
import { take } from './bind.ts';
import { The } from './tokens.ts';

interface Surroundings {
  readonly site: Site;
  readonly environment: NodeJS.ProcessEnv;
  readonly log: HostLogger;
}

/** What keeps the tables in line with the site file. */
export function makeDeclared({ site, environment, log }: Surroundings, core: DependencyContainer): Declared {
  return new Declared({
    database: take(core, The.database),
    secrets: take(core, The.secrets),
    read: referenceReader(site.folder, environment),
    schemaOf: (part, entry) => schemaOf(take(core, The.host), part, entry),
    log: log.child({ room: 'declared' }),
  });
}

function schemaOf(host: PluginHost, ...[part, entry]: Parameters<DeclaredParts['schemaOf']>): JsonSchema | undefined {
  const { access, driver, backend } = entry as Readonly<Record<string, string | undefined>>;
  if (part === 'accessConf') return host.registry(AccessMethods).get(access ?? '')?.conf;
  if (driver !== undefined) return host.registry(ComputingDrivers).get(driver)?.conf;
  return host.registry(StorageBackends).get(backend ?? '')?.conf;
}
