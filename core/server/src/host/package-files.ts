import { readFile, realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { type JsonSchema, messageOf } from '@stele/sdk';
import { loadFailed, manifestInvalid } from './failure.ts';

/** The web half on disk. */
export interface WebHalf {
  readonly root: string;
  readonly module: string;
}

/** Absolute path of the server half. It must be there. */
export async function serverModule(root: string, path: string): Promise<string> {
  return inside(root, path, 'stele.server');
}

/** Absolute path of the module that the doctor asks. It must be there. */
export async function doctorModule(root: string, path: string): Promise<string> {
  return inside(root, path, 'stele.doctor');
}

/** Finds the web half. Its folder is served to everyone, so it may hold neither the package nor the server half. */
export async function webHalf(root: string, path: string, server: string | undefined): Promise<WebHalf> {
  const module = await inside(root, path, 'stele.web');
  const folder = dirname(module);
  const isShared = folder === root || (server !== undefined && contains(folder, server));
  if (isShared) throw manifestInvalid('stele.web must lie in a folder of its own: all of that folder is public');
  return { root: folder, module: relative(folder, module) };
}

/** The settings schema, inline or from its file. */
export async function settingsSchema(
  root: string,
  settings: string | JsonSchema | undefined,
): Promise<JsonSchema | undefined> {
  if (typeof settings !== 'string') return settings;
  const file = await inside(root, settings, 'stele.settings');
  try {
    return JSON.parse(await readFile(file, 'utf8')) as JsonSchema;
  } catch (error) {
    throw manifestInvalid(`stele.settings: ${messageOf(error)}`, error);
  }
}

/** The real path of `path`, which has to stay below `root`, symbolic links followed. */
async function inside(root: string, path: string, field: string): Promise<string> {
  const target = join(root, path);
  if (!contains(root, target)) throw manifestInvalid(`${field} leaves the package: ${path}`);
  const real = await realpath(target).catch((error: unknown) => {
    throw loadFailed(`${field} names ${path}, which is not there; is the plugin built?`, error);
  });
  if (!contains(root, real)) throw manifestInvalid(`${field} leaves the package by a symbolic link: ${path}`);
  return real;
}

/** Whether `path` lies below `folder`. Both absolute and normal. */
export function contains(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
