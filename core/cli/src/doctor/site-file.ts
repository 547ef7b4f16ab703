import { statSync } from 'node:fs';
import { messageOf } from '@stele/sdk';
import { loadSite, type Site } from '@stele/server/inspect';
import { broken, type Finding, fine, weak } from './finding.ts';

const check = 'site file';

export interface SiteReading {
  /** Absent when the file can't be used. */
  readonly site?: Site;
  readonly finding: Finding;
}

/** Reads the site file and looks at who else can. */
export function readSite(path: string, environment: NodeJS.ProcessEnv): SiteReading {
  try {
    const site = loadSite(path, environment);
    return { site, finding: checkSecrecy(path, site) };
  } catch (error) {
    return { finding: broken(check, messageOf(error)) };
  }
}

function checkSecrecy(path: string, { file }: Site): Finding {
  const [secret] = secretsIn(file);
  if (secret === undefined || (statSync(path).mode & 0o077) === 0) return fine(check, path);
  const advice = `chmod 600 ${path}, or say it in the environment variable ${secret.variable}.`;
  return weak(check, `${path} can be read by other users, and may hold the ${secret.of}’s password`, advice);
}

/** Passwords that the file, or the environment over it, names. */
function secretsIn({ database = '', mail }: Site['file']): { readonly of: string; readonly variable: string }[] {
  return [
    ...(/^postgres(ql)?:\/\/[^/@]*:[^/@]+@/.test(database) ? [{ of: 'database', variable: 'STELE_DATABASE' }] : []),
    ...(mail?.password === undefined ? [] : [{ of: 'mail server', variable: 'STELE_MAIL__PASSWORD' }]),
  ];
}
