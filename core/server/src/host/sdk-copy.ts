import { realpathSync } from 'node:fs';
import { sdkMismatch } from './failure.ts';
import { packageFolder } from './named-folder.ts';

/**
 * What a plugin must share with the host. A second copy of the ORM was seen writing one entity's rows into another's
 * table; a second SDK means that the plugin was checked against another contract than the one it meets.
 */
const shared = ['@stele/sdk', '@mikro-orm/core'];

/** Refuses a plugin that brings its own copy of what has to be shared. One that brings none gets the host's. */
export function refuseOwnCopies(root: string): void {
  for (const name of shared) {
    const theirs = realFolder(name, root);
    const ours = realFolder(name, import.meta.dirname);
    if (theirs !== undefined && ours !== undefined && theirs !== ours) {
      throw sdkMismatch(
        `it would load its own copy of ${name} from ${theirs}; make it a peerDependency and remove that copy`,
      );
    }
  }
}

function realFolder(name: string, from: string): string | undefined {
  const folder = packageFolder(name, from);
  return folder === undefined ? undefined : realpathSync(folder);
}
