import { createHash } from 'node:crypto';
import { type AccessKeys, SteleError } from '@stele/sdk';
import type { Conf } from '../conf.ts';

/** What a way to AWS is made from: the same gives the same. */
export interface Settings extends Pick<Conf, 'region' | 'cluster' | 'logGroup'> {
  readonly endpoint: string | undefined;
  readonly logsEndpoint: string | undefined;
  readonly ca: string | undefined;
  /** Absent: the role of the machine that the platform runs on. */
  readonly keys: AccessKeys | undefined;
}

/** @throws DENIED for an endpoint without TLS on another machine */
export function settingsOf(conf: Conf, keys: AccessKeys | undefined): Settings {
  const { region, cluster, logGroup, ca } = conf;
  return {
    ...{ region, cluster, logGroup, ca, keys },
    endpoint: checked(conf.endpoint, 'endpoint'),
    logsEndpoint: checked(conf.logsEndpoint, 'logsEndpoint'),
  };
}

function checked(endpoint: string | undefined, field: 'endpoint' | 'logsEndpoint'): string | undefined {
  if (endpoint === undefined || endpoint === '') return undefined;
  const { protocol, hostname } = new URL(endpoint);
  if (protocol === 'https:' || hostname === 'localhost' || hostname.startsWith('127.')) return endpoint;
  throw new SteleError('DENIED', 'Endpoints without TLS are allowed on this machine alone.', {
    field: `conf.${field}`,
  });
}

/** The same for the same settings; tells nothing of them. Pure. */
export function fingerprintOf(settings: Settings): string {
  const { region, cluster, logGroup, endpoint, logsEndpoint, ca, keys } = settings;
  const secret = [keys?.accessKeyId, keys?.secretAccessKey, keys?.sessionToken];
  const all = [region, cluster, logGroup, endpoint, logsEndpoint, ca, ...secret];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}

/** Who answers for a service, for people, and the setting that says so. Pure. */
export function hostOf(
  service: string,
  region: string,
  name: string,
  endpoint: string | undefined,
): { readonly host: string; readonly setting: string } {
  if (endpoint === undefined) return { host: `${service}.${region}.amazonaws.com`, setting: 'conf.region' };
  return { host: new URL(endpoint).host, setting: `conf.${name}` };
}
