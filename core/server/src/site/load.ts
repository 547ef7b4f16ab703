import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { messageOf, SteleError } from '@stele/sdk';
import { parseDocument } from 'yaml';
import { compile } from '../schema/index.ts';
import { environmentKeys, overlay } from './environment.ts';
import { type SiteFile, SiteSchema } from './schema.ts';

/** A site as it was read: the file, overlaid with the environment. */
export interface Site {
  readonly file: SiteFile;
  /** Folder that relative paths of the file start from. */
  readonly folder: string;
}

const check = compile(SiteSchema, { strict: false, coerceTypes: true, allErrors: true });

/**
 * Reads the site file, if there is one, and lays the environment over it.
 * @throws INVALID that names each wrong key
 */
export function loadSite(path: string | undefined, environment: NodeJS.ProcessEnv): Site {
  const written = path === undefined ? {} : readYaml(path);
  const file = overlay(written, environmentKeys(environment, SiteSchema));
  if (!check(file)) {
    const problems = (check.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${instancePath || '/'} ${message}${params.additionalProperty ? ` (“${params.additionalProperty}”)` : ''}`,
    );
    throw new SteleError('INVALID', `The site file${path ? ` ${path}` : ''} is not valid: ${problems.join('; ')}.`);
  }
  return { file: file as SiteFile, folder: path === undefined ? process.cwd() : dirname(resolve(path)) };
}

function readYaml(path: string): Record<string, unknown> {
  const document = parseDocument(read(path));
  const problem = document.errors[0];
  if (problem) throw new SteleError('INVALID', `The site file ${path} is not YAML: ${problem.message}`);
  const value: unknown = document.toJS() ?? {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new SteleError('INVALID', `The site file ${path} must hold keys and values.`);
  }
  return value as Record<string, unknown>;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new SteleError('NOT_FOUND', `The site file ${path} can’t be read: ${messageOf(cause)}`, { cause });
  }
}
