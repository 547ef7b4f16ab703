import type { Computing, ResourceKinds } from '@stele/sdk/api';
import { accessTitle } from '@stele/sdk/web';

type Kinds = Pick<ResourceKinds, 'drivers' | 'access' | 'engines'>;

const kinds: Readonly<Record<string, string>> = { standalone: 'Single host', cluster: 'Cluster' };

/** What it is and how it is reached, in a line. */
export function kindLine(computing: Computing, offers: Kinds | undefined): string {
  const kind =
    kinds[computing.kind ?? ''] ?? offers?.drivers.find(({ id }) => id === computing.driver)?.title ?? computing.driver;
  return `${kind} · ${accessTitle(computing, offers)}`;
}

/** Where none was chosen: what runs containers there. */
export function anyEngineWords({ driver }: Pick<Computing, 'driver'>, offers: Kinds | undefined): string {
  const brings = offers?.drivers.find(({ id }) => id === driver)?.bringsEngine === true;
  return brings ? 'Runs containers by itself' : 'Any engine found there';
}

/** Each engine with its runtimes: `Podman (crun, runc)`. */
export function engineWords(computing: Computing, offers: Kinds | undefined): readonly string[] {
  return computing.engines.map(({ id, runtimes }) => {
    const title = offers?.engines.find((engine) => engine.id === id)?.title ?? id;
    return runtimes.length === 0 ? title : `${title} (${runtimes.join(', ')})`;
  });
}

export function iconOf({ kind }: Computing): string {
  return kind === 'cluster' ? 'server' : 'desktop';
}
