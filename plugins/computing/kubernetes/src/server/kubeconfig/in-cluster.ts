import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { invalid } from './invalid.ts';

/** Where Kubernetes puts the account of a pod. */
const folder = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Where the platform, itself a pod of the cluster, finds the API and its own account. */
export interface Surroundings {
  readonly server: URL;
  readonly ca: string;
  /** Read anew for each request: Kubernetes replaces it every hour. */
  token(): Promise<string>;
}

/** @throws INVALID (field `conf.kubeconfig`) when this process is in no pod */
export async function surroundings(env: NodeJS.ProcessEnv = process.env, at = folder): Promise<Surroundings> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = env;
  if (host === undefined) {
    throw invalid('kubeconfig', 'Paste a kubeconfig. It may be empty only where Stele itself runs in the cluster.');
  }
  return {
    server: new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`),
    ca: await readFile(join(at, 'ca.crt'), 'utf8'),
    token: async () => (await readFile(join(at, 'token'), 'utf8')).trim(),
  };
}
