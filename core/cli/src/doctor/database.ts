import { isSteleError, messageOf } from '@stele/sdk';
import { checkServer, databaseOwner, findBinaries } from '@stele/server/inspect';
import { broken, type Finding, fine } from './finding.ts';
import type { Subject } from './subject.ts';

const check = 'database';

/** Whether the site's own server answers, or the embedded one can be started. */
export async function checkDatabase({ site }: Subject): Promise<Finding> {
  const { database = 'embedded' } = site.file;
  try {
    return fine(
      check,
      database === 'embedded' ? await embedded() : `PostgreSQL ${await checkServer(database)} answers`,
    );
  } catch (error) {
    const raw = isSteleError(error) ? error.raw : undefined;
    return broken(check, raw === undefined ? messageOf(error) : `${messageOf(error)} (${raw})`);
  }
}

async function embedded(): Promise<string> {
  const [{ version }] = await Promise.all([findBinaries(), databaseOwner()]);
  return `embedded PostgreSQL ${version}`;
}
