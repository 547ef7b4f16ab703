import type { TunnelPlace } from '../gateway/index.ts';

const plain = 'Connect your program to {host}, port {port}.';

/** What a user is told about connecting: a protocol's hint, with this task's words in it. Pure. */
export function fillHint(hint: string | undefined, { host, port }: TunnelPlace, user = 'user'): string {
  const words: Readonly<Record<string, string>> = { host, port: String(port), user };
  return (hint ?? plain).replace(/\{(host|port|user)\}/g, (_all, name: string) => words[name] ?? '');
}
