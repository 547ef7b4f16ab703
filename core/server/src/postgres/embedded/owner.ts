import { chmod, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { userInfo } from 'node:os';
import { noDatabaseUser } from '../errors.ts';

/** Who runs PostgreSQL and owns its files. */
export interface DatabaseOwner {
  /** User name of the platform's own process, as PostgreSQL's peer authentication sees it. */
  readonly clientName: string;
  /** Present when it is another user than ours: PostgreSQL refuses to run as root. */
  readonly other?: { readonly uid: number; readonly gid: number };
}

/** Ourselves; as root, the user `nobody`. */
export async function databaseOwner(): Promise<DatabaseOwner> {
  const clientName = userInfo().username;
  if (process.getuid?.() !== 0) return { clientName };
  const row = (await readFile('/etc/passwd', 'utf8')).split('\n').find((line) => line.startsWith('nobody:'));
  const [, , uid, gid] = row?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw noDatabaseUser();
  return { clientName, other: { uid: Number(uid), gid: Number(gid) } };
}

/** Whether `owner` may pass through every folder from the root down to `path`. */
export async function canReach(path: string, owner: DatabaseOwner): Promise<boolean> {
  if (owner.other === undefined) return true;
  const { uid, gid } = owner.other;
  for (let at = path; ; at = dirname(at)) {
    const { mode, uid: fileUid, gid: fileGid } = await stat(at);
    const bit = fileUid === uid ? 0o100 : fileGid === gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** A folder that every user passes through, whatever the umask. */
export async function makeShelter(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true });
  if (made !== undefined) await chmod(path, 0o755);
}
