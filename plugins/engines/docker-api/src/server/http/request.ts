/** One request to an engine, as data. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the API's root, without a query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly body?: object;
  /** May hold secrets. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Path and query of a request. Pure. */
export function targetOf({ path, query = {} }: ApiRequest): string {
  const said = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const parameters = new URLSearchParams(said).toString();
  return parameters === '' ? path : `${path}?${parameters}`;
}

/** A request as a command that people can read, and run. Headers are left out: they may be secret. Pure. */
export function curlOf(
  request: ApiRequest,
  { base, options }: { base: string; options: readonly string[] },
): readonly string[] {
  const { method, body } = request;
  const content = body === undefined ? ['--request', method] : ['--json', JSON.stringify(body)];
  return ['curl', ...options, ...content, `${base}${targetOf(request)}`];
}
