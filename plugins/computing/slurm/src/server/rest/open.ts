import type { ComputingResource, Host } from '@stele/sdk';
import { confOf } from '../conf.ts';
import { Api, type KnownVersions } from './api.ts';
import { Door } from './door.ts';
import { environmentOf } from './environment.ts';
import { RestScheduler } from './scheduler.ts';
import { tokensOf } from './tokens.ts';

/** slurmrestd of a resource, asked from its host as the host's account. Nothing where the resource has none. */
export function restScheduler(
  resource: ComputingResource,
  host: Host,
  known: KnownVersions,
  signal: AbortSignal,
): RestScheduler | undefined {
  const conf = confOf(resource);
  const { restUrl, restCa } = conf;
  if (restUrl === undefined || restUrl === '') return undefined;
  const door = new Door(host, { restUrl, ...(restCa === undefined ? {} : { restCa }) }, signal);
  const tokens = tokensOf(conf);
  const api = new Api({ door, tokens, user: host.user, name: `${resource.id} ${restUrl}`, known });
  const asker = { user: host.user, environment: (own: AbortSignal) => environmentOf(host, own) };
  return new RestScheduler(api, asker, { url: restUrl, tokenEndsAt: tokens.endsAt }, signal);
}
