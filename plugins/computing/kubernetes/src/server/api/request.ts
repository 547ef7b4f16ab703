/** One request to the API, as data. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Without a query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON; with PATCH as a merge patch. */
  readonly body?: object;
}

/** Path and query of a request. Pure. */
export function targetOf(base: string, { path, query = {} }: ApiRequest): string {
  const said = Object.entries(query).filter(([, value]) => value !== undefined);
  const parameters = new URLSearchParams(
    said.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return parameters === '' ? `${base}${path}` : `${base}${path}?${parameters}`;
}

const namespaced = (namespace: string, kind: string): string => `/api/v1/namespaces/${namespace}/${kind}`;

/** Paths of what the driver uses. Names were checked by their grammar before. */
export const paths = {
  version: '/version',
  nodes: '/api/v1/nodes',
  runtimeClasses: '/apis/node.k8s.io/v1/runtimeclasses',
  namespaces: '/api/v1/namespaces',
  namespace: (namespace: string) => `/api/v1/namespaces/${namespace}`,
  quotas: (namespace: string) => namespaced(namespace, 'resourcequotas'),
  /** Of one namespace, or of all. */
  pods: (namespace?: string) => (namespace === undefined ? '/api/v1/pods' : namespaced(namespace, 'pods')),
  jobs: (namespace: string) => `/apis/batch/v1/namespaces/${namespace}/jobs`,
  job: (namespace: string, name: string) => `/apis/batch/v1/namespaces/${namespace}/jobs/${name}`,
  pod: (namespace: string, name: string) => `${namespaced(namespace, 'pods')}/${name}`,
  log: (namespace: string, name: string) => `${namespaced(namespace, 'pods')}/${name}/log`,
  events: (namespace: string) => namespaced(namespace, 'events'),
  portForward: (namespace: string, name: string) => `${namespaced(namespace, 'pods')}/${name}/portforward`,
  exec: (namespace: string, name: string) => `${namespaced(namespace, 'pods')}/${name}/exec`,
  claims: (namespace: string) => namespaced(namespace, 'persistentvolumeclaims'),
  claim: (namespace: string, name: string) => `${namespaced(namespace, 'persistentvolumeclaims')}/${name}`,
  secrets: (namespace: string) => namespaced(namespace, 'secrets'),
  secret: (namespace: string, name: string) => `${namespaced(namespace, 'secrets')}/${name}`,
  policies: (namespace: string) => `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`,
  policy: (namespace: string, name: string) =>
    `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/${name}`,
  accessReviews: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
} as const;
