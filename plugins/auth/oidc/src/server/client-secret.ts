import { readFile } from 'node:fs/promises';
import { messageOf } from '@stele/sdk';
import type { ProviderSettings } from '../settings.ts';

type Where = Pick<ProviderSettings, 'clientSecretFile' | 'clientSecretVariable'>;

/** A client secret, or why there is none where the settings say that there is. Never both, and never its value in words. */
export type FoundSecret = { readonly secret?: string } | { readonly problem: string };

/** Looks the client secret up, each time anew: it may be replaced while the platform runs. */
export async function findSecret(
  { clientSecretFile: file, clientSecretVariable: variable }: Where,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<FoundSecret> {
  if (variable !== undefined) {
    const secret = environment[variable]?.trim();
    return secret ? { secret } : { problem: `the environment variable ${variable} is not set` };
  }
  if (file === undefined) return {};
  try {
    const secret = (await readFile(file, 'utf8')).trim();
    return secret === '' ? { problem: `the file ${file} is empty` } : { secret };
  } catch (error) {
    return { problem: `the client secret can’t be read: ${messageOf(error)}` };
  }
}
