import { hasCode, type Host, messageOf, SteleError } from '@stele/sdk';
import type { Conf } from './conf.ts';

/** Milliseconds. */
const patience = 2_000;

/**
 * Whether interfaces of tasks listen where they can be reached, and nowhere else: the loopback of a host without a shell is
 * reached by nobody, and all its addresses by anybody. Pure.
 * @throws INVALID (field `conf.publish`)
 */
export function checkPublish({ publish }: Conf, { endpoint }: Pick<Host, 'endpoint'>): void {
  const isHidden = publish === undefined || publish.startsWith('127.');
  if (publish !== '0.0.0.0' && !(isHidden && endpoint !== undefined)) return;
  const message =
    'Say at which address of the host interfaces of tasks listen: one of a network that only the platform gets to.';
  throw new SteleError('INVALID', message, { field: 'conf.publish' });
}

/**
 * Whether the platform may connect to where interfaces of tasks are going to listen. That nothing listens there yet is fine.
 * @throws INVALID (fields `conf.publish`, `accessConf.networks`)
 */
export async function checkReach({ publish }: Conf, host: Host, signal: AbortSignal): Promise<void> {
  if (host.endpoint === undefined || publish === undefined) return;
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
    const stream = await host.dial({ host: publish, port: 1 }, limit);
    stream.destroy();
  } catch (error) {
    if (hasCode(error, 'DENIED'))
      throw new SteleError('INVALID', messageOf(error), { field: 'conf.publish', cause: error });
    if (signal.aborted || !hasCode(error, 'UNREACHABLE')) throw error;
  }
}
