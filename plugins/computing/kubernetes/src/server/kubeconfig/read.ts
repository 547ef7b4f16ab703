import { parse } from 'yaml';
import { messageOf } from '@stele/sdk';
import { invalid } from './invalid.ts';

/** A program that prints a token, as a kubeconfig names it. */
export interface LoginCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly apiVersion: string;
}

/** How one proves who one is. Secret. */
export type Proof =
  | { readonly kind: 'certificate'; readonly certificate: string; readonly key: string }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'command'; readonly login: LoginCommand };

/** What a kubeconfig says of the cluster that it is for. */
export interface Kubeconfig {
  readonly server: URL;
  /** PEM. Absent: authorities that this machine trusts. */
  readonly ca?: string;
  /** Name in the server's certificate, where it is another than that in its address. */
  readonly serverName?: string;
  readonly proof: Proof;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a kubeconfig that was pasted. Pure: whatever would make this machine read its own files is refused.
 * @param context which of its contexts; default: its current one
 * @throws INVALID (field `conf.kubeconfig`, `conf.context`)
 */
export function readKubeconfig(text: string, context?: string): Kubeconfig {
  const config = parsed(text);
  const name = context ?? wordOf(config['current-context']);
  if (name === undefined) throw invalid('context', 'The kubeconfig has no current context. Name one.');
  const chosen = entry(config, 'contexts', 'context', name, context === undefined ? 'kubeconfig' : 'context');
  const cluster = entry(config, 'clusters', 'cluster', wordOf(chosen['cluster']) ?? '', 'kubeconfig');
  const user = entry(config, 'users', 'user', wordOf(chosen['user']) ?? '', 'kubeconfig');
  return { ...clusterOf(cluster), proof: proofOf(user) };
}

function parsed(text: string): Fields {
  let config: unknown;
  try {
    config = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    // The first line is what is wrong; those after it quote the text, which holds secrets.
    throw invalid('kubeconfig', `This is no YAML: ${messageOf(error).split('\n')[0]?.replace(/:$/, '')}.`, error);
  }
  if (isFields(config) && config['kind'] === 'Config') return config;
  throw invalid('kubeconfig', 'This is no kubeconfig: “kind: Config” is missing.');
}

function entry(config: Fields, list: string, key: string, name: string, field: string): Fields {
  const entries = config[list];
  const found = Array.isArray(entries) ? entries.find((item) => isFields(item) && item['name'] === name) : undefined;
  const value = isFields(found) ? found[key] : undefined;
  if (isFields(value)) return value;
  throw invalid(field, `The kubeconfig has no ${key} “${name}”.`);
}

function clusterOf(cluster: Fields): Omit<Kubeconfig, 'proof'> {
  refuse(cluster, ['certificate-authority'], 'It names a file for the certificate authority.');
  if (cluster['insecure-skip-tls-verify'] === true) {
    throw invalid(
      'kubeconfig',
      'It says that the server’s certificate is not to be checked. Give its authority instead.',
    );
  }
  if (wordOf(cluster['proxy-url']) !== undefined)
    throw invalid('kubeconfig', 'It names a proxy, which can’t be used here.');
  const server = serverOf(wordOf(cluster['server']) ?? '');
  const ca = decoded(cluster, 'certificate-authority-data');
  const serverName = wordOf(cluster['tls-server-name']);
  return { server, ...(ca === undefined ? {} : { ca }), ...(serverName === undefined ? {} : { serverName }) };
}

function serverOf(address: string): URL {
  const server = URL.parse(address);
  if (server?.protocol === 'https:' && server.username === '' && server.search === '') return server;
  throw invalid('kubeconfig', 'The server’s address has to begin with https://.');
}

function proofOf(user: Fields): Proof {
  refuse(user, ['client-certificate', 'client-key', 'tokenFile'], 'It names files for the user’s credentials.');
  const certificate = decoded(user, 'client-certificate-data');
  const key = decoded(user, 'client-key-data');
  const token = wordOf(user['token']);
  if (token !== undefined) return { kind: 'token', token };
  if (certificate !== undefined && key !== undefined) return { kind: 'certificate', certificate, key };
  if (isFields(user['exec'])) return { kind: 'command', login: loginOf(user['exec']) };
  throw invalid(
    'kubeconfig',
    'Its user has neither a certificate with a key, nor a token, nor a command that gets one.',
  );
}

function loginOf(exec: Fields): LoginCommand {
  const variables = Array.isArray(exec['env']) ? exec['env'].filter(isFields) : [];
  const env = variables.map((item) => [wordOf(item['name']) ?? '', wordOf(item['value']) ?? ''] as const);
  return {
    command: wordOf(exec['command']) ?? '',
    args: Array.isArray(exec['args']) ? exec['args'].map(String) : [],
    env: Object.fromEntries(env),
    apiVersion: wordOf(exec['apiVersion']) ?? 'client.authentication.k8s.io/v1',
  };
}

function refuse(fields: Fields, names: readonly string[], what: string): void {
  if (names.every((name) => wordOf(fields[name]) === undefined)) return;
  throw invalid('kubeconfig', `${what} Paste what “kubectl config view --raw --flatten --minify” prints.`);
}

function decoded(fields: Fields, name: string): string | undefined {
  const text = wordOf(fields[name]);
  if (text === undefined) return undefined;
  const value = Buffer.from(text, 'base64').toString();
  if (value.includes('-----BEGIN ')) return value;
  throw invalid('kubeconfig', `Its ${name} is not a PEM text in base64.`);
}

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
