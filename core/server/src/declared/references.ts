import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Json, type JsonObject, messageOf, SteleError } from '@stele/sdk';
import { isObject } from '../schema/index.ts';

/** Where the site file leaves a value to: `{ file: … }` or `{ env: … }`. */
export type Reference = { readonly file: string } | { readonly env: string };

/** Reads what a reference leads to. */
export type ReadReference = (reference: Reference) => Promise<string>;

/** Files are found from the site file's folder; a line end at the end is none of the value. */
export function referenceReader(folder: string, environment: NodeJS.ProcessEnv): ReadReference {
  return async (reference) => {
    if ('env' in reference) return environment[reference.env] ?? notSet(reference.env);
    const path = resolve(folder, reference.file);
    try {
      return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
    } catch (cause) {
      throw new SteleError('NOT_FOUND', `${path} can’t be read: ${messageOf(cause)}`, { cause });
    }
  };
}

/** Settings with what their references lead to, and that apart: whatever is not written in the file is a secret. */
export async function takeReferences(
  settings: JsonObject,
  read: ReadReference,
): Promise<{ readonly open: JsonObject; readonly secret: JsonObject }> {
  const open: [string, Json][] = [];
  const secret: [string, Json][] = [];
  for (const [key, value] of Object.entries(settings)) {
    if (isReference(value)) {
      secret.push([key, await read(value)]);
    } else if (isObject(value)) {
      const below = await takeReferences(value, read);
      open.push([key, below.open]);
      if (Object.keys(below.secret).length > 0) secret.push([key, below.secret]);
    } else {
      open.push([key, value]);
    }
  }
  return { open: Object.fromEntries(open), secret: Object.fromEntries(secret) };
}

function isReference(value: Json): value is Reference {
  if (!isObject(value)) return false;
  const [[key, text] = [], ...more] = Object.entries(value);
  return more.length === 0 && (key === 'file' || key === 'env') && typeof text === 'string';
}

function notSet(name: string): never {
  throw new SteleError('NOT_FOUND', `The environment variable ${name} is not set.`);
}
