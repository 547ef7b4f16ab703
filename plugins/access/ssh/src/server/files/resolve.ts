import { below, isAbsolute, isDotDot, type Name, stepsOf } from '@stele/sdk/trees';
import { conflict, leavesRoot, missing, tooDeep } from '../errors.ts';
import { isStatus, type SftpSession, status } from '../sftp/session.ts';
import type { Attributes } from '../sftp/wire.ts';
import { kindOf } from './entry.ts';

export const depthLimit = 256;
const linkLimit = 40;

/** Where an entry is or would be, all links on the way resolved. */
export interface Spot {
  /** Below the root; the root itself has none. */
  readonly parts: readonly Name[];
  /** Absolute. */
  readonly path: Buffer;
  /** `undefined` when nothing is there. */
  readonly attributes: Attributes | undefined;
}

/** The absolute path of `parts` below a root. */
export function absolute(root: string, parts: readonly Name[]): Buffer {
  const base = Buffer.from(root === '/' ? '' : root);
  const path = Buffer.concat([base, ...parts.flatMap((part) => [Buffer.from('/'), part])]);
  return path.length === 0 ? Buffer.from('/') : path;
}

/**
 * Finds an entry below a root. The server would follow links wherever they lead, so it is asked about each folder on the way, all in one
 * go, and links are followed here: `..` in them goes back along our own steps, and can't lead above the root.
 * @param follow whether a link at the very end is followed too
 * @param called what to call the way in messages
 */
export async function resolve(
  session: SftpSession,
  root: string,
  parts: readonly Name[],
  follow: boolean,
  called: string,
): Promise<Spot> {
  let pending = [...parts];
  let done: Name[] = [];
  for (let links = 0; ;) {
    const ahead = pending.findIndex(isDotDot);
    const looks = await lookAll(session, root, done, ahead < 0 ? pending : pending.slice(0, ahead));
    const steps = [...looks];
    let attributes: Attributes | undefined =
      steps.length === 0 && pending.length === 0 ? await rootOf(session, root, done) : undefined;
    let link: Attributes | undefined;
    while (pending.length > 0 && link === undefined) {
      const part = pending.shift() as Name;
      if (isDotDot(part)) {
        if (done.length === 0) throw leavesRoot(called);
        done = done.slice(0, -1);
        break;
      }
      attributes = steps.shift();
      done = [...done, part];
      if (done.length > depthLimit) throw tooDeep(called, depthLimit);
      const isLast = pending.length === 0;
      if (attributes === undefined) {
        if (!isLast) throw missing(called);
      } else if (kindOf(attributes) === 'link' && (!isLast || follow)) link = attributes;
      else if (!isLast && kindOf(attributes) !== 'folder')
        throw conflict(`“${called}” leads through what is no folder.`);
      if (isLast && link === undefined) return { parts: done, path: absolute(root, done), attributes };
    }
    if (link !== undefined) {
      links += 1;
      if (links > linkLimit) throw conflict(`“${called}” goes round in links.`);
      const target = await session.readLink(absolute(root, done));
      const rest = isAbsolute(target) ? below(root, target) : target;
      if (rest === undefined) throw leavesRoot(called);
      done = isAbsolute(target) ? [] : done.slice(0, -1);
      pending = [...stepsOf(rest), ...pending];
    }
    if (pending.length === 0) {
      attributes = await rootOf(session, root, done);
      return { parts: done, path: absolute(root, done), attributes };
    }
  }
}

/**
 * Looks once more whether all folders on the way are folders, after something was opened there: the server handles requests in their
 * order, so who wants to lead us out has to swap a folder for a link and back between two of them.
 */
export async function recheck(session: SftpSession, root: string, { parts }: Spot, called: string): Promise<void> {
  const looks = await lookAll(session, root, [], parts.slice(0, -1));
  if (looks.some((attributes) => attributes === undefined || kindOf(attributes) !== 'folder')) throw leavesRoot(called);
}

/** What is there, links not followed; `undefined` for nothing. */
export async function look(session: SftpSession, path: Buffer): Promise<Attributes | undefined> {
  try {
    return await session.lstat(path);
  } catch (error) {
    if (isStatus(error, status.missing)) return undefined;
    throw error;
  }
}

/** The operator names the root, so links on the way to it are followed. */
async function rootOf(session: SftpSession, root: string, done: readonly Name[]): Promise<Attributes | undefined> {
  return done.length === 0 ? session.stat(absolute(root, [])) : look(session, absolute(root, done));
}

/** Asks about all of them at once. What lies behind the first that is no folder means nothing. */
async function lookAll(
  session: SftpSession,
  root: string,
  done: readonly Name[],
  parts: readonly Name[],
): Promise<(Attributes | undefined)[]> {
  const ways = parts
    .slice(0, depthLimit + 1)
    .map((_, index) => absolute(root, [...done, ...parts.slice(0, index + 1)]));
  const looks = await Promise.allSettled(ways.map((way) => look(session, way)));
  const found: (Attributes | undefined)[] = [];
  for (const outcome of looks) {
    if (outcome.status === 'fulfilled') found.push(outcome.value);
    // Behind a link or a closed folder: counts only when the walk gets there.
    else if (found.every((attributes) => attributes !== undefined && kindOf(attributes) === 'folder'))
      throw outcome.reason;
    else found.push(undefined);
  }
  return found;
}
