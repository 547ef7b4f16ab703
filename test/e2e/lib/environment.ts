import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * The environment as it was before any test ran: tests of single engines point the whole process at beds of their own.
 * What would configure the platform is left out.
 */
export const environment: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('STELE_')),
);
