import type { Logger } from '@stele/sdk';
import type { DependencyContainer } from 'tsyringe';
import { type Channel, fingerprintOf, Leases, PostgresChannel, silence } from '../replicas/index.ts';
import type { Site } from '../site/index.ts';
import { put, take } from './bind.ts';
import { The } from './tokens.ts';

/** This process among those on the same database. */
export interface Replica {
  readonly channel: Channel;
  /** None for a platform that is alone. */
  readonly leases: Leases | undefined;
}

/** The embedded database is of one process, which is alone and knows it. */
export function mayHaveReplicas(site: Site): boolean {
  return (site.file.database ?? 'embedded') !== 'embedded';
}

/** Joins the other processes on the same database. */
export async function openReplica(
  site: Site,
  core: DependencyContainer,
  owned: AsyncDisposableStack,
  log: Logger,
): Promise<void> {
  if (!mayHaveReplicas(site)) {
    put(core, The.replica, { channel: silence, leases: undefined });
    return;
  }
  const database = take(core, The.database);
  const fingerprint = fingerprintOf(take(core, The.secrets));
  const channel = owned.use(await PostgresChannel.open({ database, fingerprint, log }));
  put(core, The.replica, { channel, leases: owned.use(new Leases({ database, log })) });
}
