import { AccessMethods, ComputingDrivers, StorageBackends } from '@stele/sdk';
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
    kindOf: (entry) => kindOf(take(core, The.host), entry),
    accessConfOf: (access = '') => take(core, The.host).registry(AccessMethods).get(access)?.conf,
    log: log.child({ room: 'declared' }),
  });
}

function kindOf(host: PluginHost, entry: object): ReturnType<DeclaredParts['kindOf']> {
  const { driver, backend = '' } = entry as Readonly<Record<string, string | undefined>>;
  return driver === undefined
    ? host.registry(StorageBackends).get(backend)
    : host.registry(ComputingDrivers).get(driver);
}
