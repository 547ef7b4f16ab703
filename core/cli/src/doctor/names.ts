import { lookup } from 'node:dns/promises';
import { defaultPort, gatewayMode } from '@stele/server/inspect';
import { isLocal } from './address.ts';
import { type Finding, fine, weak } from './finding.ts';
import type { Subject } from './subject.ts';

const check = 'names';

/** Whether names of tasks lead somewhere. */
export async function checkNames({ site }: Subject): Promise<Finding> {
  const mode = gatewayMode(site.file.site ?? {}, () => defaultPort);
  const name = mode.kind === 'port' ? mode.host : `x.${mode.domain}`;
  return judgeName(name, await addressOf(name));
}

/** Pure. */
export function judgeName(name: string, address: string | undefined): Finding {
  if (address !== undefined) return fine(check, `${name} is ${address}`);
  // Browsers need no resolver for these: Chromium, Edge and Firefox lead them to their own machine.
  if (isLocal(name)) return fine(check, `${name} is this machine, to browsers`);
  const how = name.startsWith('x.') ? `a wildcard record (*.${name.slice(2)})` : 'a record';
  return weak(check, `${name} can’t be found from here`, `Make ${how} in the DNS that leads to the platform.`);
}

async function addressOf(name: string): Promise<string | undefined> {
  try {
    return (await lookup(name)).address;
  } catch (error) {
    if (['ENOTFOUND', 'EAI_AGAIN', 'ENODATA'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
