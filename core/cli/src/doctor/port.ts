import { messageOf } from '@stele/sdk';
import { defaultHost, defaultPort } from '@stele/server/inspect';
import { checkPort } from '../up/port.ts';
import { broken, type Finding, fine } from './finding.ts';
import type { Subject } from './subject.ts';

/** Whether the platform's port can be opened. */
export async function checkListener({ site, runningAs }: Subject): Promise<Finding> {
  const { port = defaultPort, listen = defaultHost } = site.file.site ?? {};
  if (runningAs !== undefined) return fine('port', `Stele serves, as process ${runningAs}`);
  try {
    await checkPort(port, listen);
    return fine('port', port === 0 ? 'a free one is picked' : `${port} is free`);
  } catch (error) {
    return broken('port', messageOf(error));
  }
}
