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

/** Joins the other processes on the same database. The embedded one is of one process, which is alone and knows it. */
export async function openReplica(
  site: Site,
  core: DependencyContainer,
  owned: AsyncDisposableStack,
  log: Logger,
): Promise<void> {
  if ((site.file.database ?? 'embedded') === 'embedded') {
    put(core, The.replica, { channel: silence, leases: undefined });
    return;
  }
  const database = take(core, The.database);
  const fingerprint = fingerprintOf(take(core, The.secrets));
  const channel = owned.use(await PostgresChannel.open({ database, fingerprint, log }));
  put(core, The.replica, { channel, leases: owned.use(new Leases({ database, log })) });
}
