import { resolve } from 'node:path';
import { ControlClient } from './control/client.ts';
import { notRunning } from './errors.ts';
import type { LinkOptions } from './program.ts';
import { print } from './terminal.ts';

/** `stele log-in-link` */
export async function logInLink(email: string | undefined, { data, json }: LinkOptions): Promise<void> {
  const dataDir = resolve(data);
  const platform = await ControlClient.find(dataDir);
  if (platform === undefined) throw notRunning(dataDir, 'nobody can be let in');
  const { url } = await platform.ask<{ url: string }>('POST', '/log-in-link', email === undefined ? {} : { email });
  print(json ? JSON.stringify({ login: url }) : url);
}
