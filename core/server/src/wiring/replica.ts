import type { Logger } from '@stele/sdk';
import type { DependencyContainer } from 'tsyringe';
import { fingerprintOf, Leases, PostgresChannel, silence } from '../replicas/index.ts';
import type { Site } from '../site/index.ts';
import { put, take } from './bind.ts';
import { The } from './tokens.ts';

/** Joins the other processes on the same database. The embedded one is of one process, which is alone and knows it. */
export async function openReplica(
  site: Site,
  core: DependencyContainer,
  owned: AsyncDisposableStack,
  log: Logger,
): Promise<void> {
  if ((site.file.database ?? 'embedded') === 'embedded') {
    put(core, The.channel, silence);
    put(core, The.leases, undefined);
    return;
  }
  const database = take(core, The.database);
  const fingerprint = fingerprintOf(take(core, The.secrets));
  put(core, The.channel, owned.use(await PostgresChannel.open({ database, fingerprint, log })));
  put(core, The.leases, owned.use(new Leases({ database, log })));
}
