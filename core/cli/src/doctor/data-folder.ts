import { accessSync, constants, existsSync, type Stats, statSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '@stele/sdk';
import { broken, type Finding, fine, weak } from './finding.ts';

const check = 'data folder';

/** Whether the platform can write there, and others can't read. */
export function checkDataFolder(dataDir: string): Finding {
  const existing = nearestFolder(dataDir);
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
  } catch (error) {
    return broken(check, messageOf(error), 'Choose another with --data, or give this user the right to write there.');
  }
  if (existing !== dataDir) return fine(check, `${dataDir}, is made at the first start`);
  return checkModes(dataDir, statSync(dataDir));
}

function checkModes(dataDir: string, { mode, uid }: Stats): Finding {
  const own = process.getuid?.();
  if (own !== undefined && own !== 0 && uid !== own) {
    return weak(check, `${dataDir} belongs to another user`, 'Give all commands as the user who runs Stele.');
  }
  // Passing through is not reading: PostgreSQL's own user has to.
  if ((mode & 0o066) === 0) return fine(check, dataDir);
  return weak(check, `${dataDir} can be read or written by other users`, `chmod go-rw ${dataDir}`);
}

const gibibyte = 2 ** 30;

/** Room for the database and users' files. */
export function checkDisk(dataDir: string): Finding {
  const { bavail, bsize } = statfsSync(nearestFolder(dataDir));
  return judgeDisk((bavail * bsize) / gibibyte);
}

/** Pure. */
export function judgeDisk(free: number): Finding {
  const says = `${free.toFixed(free < 10 ? 1 : 0)} GiB free`;
  if (free < 0.5) return broken('disk', says, 'Make room: the database stops when the disk is full.');
  if (free < 5) return weak('disk', says, 'Container images and users’ files soon take more.');
  return fine('disk', says);
}

function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}
