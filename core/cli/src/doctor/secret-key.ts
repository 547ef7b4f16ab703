import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '@stele/sdk';
import { openSecretBox } from '@stele/server/inspect';
import { broken, type Finding, fine } from './finding.ts';
import type { Subject } from './subject.ts';

const check = 'secret key';

/** The key that stored secrets are encrypted with. */
export async function checkSecretKey({ dataDir, environment }: Subject): Promise<Finding> {
  const isGiven = environment['STELE_SECRET_KEY'] !== undefined;
  // Opening makes a key where there is none, and a doctor makes nothing.
  if (!isGiven && !existsSync(join(dataDir, 'secret.key'))) return fine(check, 'is made at the first start');
  try {
    await openSecretBox(dataDir, environment);
    return fine(check, isGiven ? 'from STELE_SECRET_KEY' : join(dataDir, 'secret.key'));
  } catch (error) {
    return broken(check, messageOf(error));
  }
}
