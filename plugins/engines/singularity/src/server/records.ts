import { type Address, type ContainerState, isTaskSocket, SteleError } from '@stele/sdk';

/** Lines `NAME=value`; a later one of the same name wins. */
type Record = ReadonlyMap<string, string>;

/**
 * Reads what the host says of containers. Pure.
 * @throws PROTOCOL when it hasn't spoken to the end, or not of each of `names`: nothing is absent by silence
 */
export function readContainers(names: readonly string[], text: string): ReadonlyMap<string, ContainerState> {
  const [, ...parts] = text.split(/^container=/m);
  const records = new Map(parts.map(readPart));
  const isWhole = names.length === 0 || /^done=yes\n$/m.test(text.slice(-10));
  if (!isWhole || !names.every((name) => records.has(name))) {
    throw new SteleError('PROTOCOL', 'The host’s answer about containers is not whole.', { raw: text });
  }
  return new Map(names.map((name) => [name, stateOf(records.get(name) as Record)]));
}

function readPart(part: string): [string, Record] {
  const [name = '', ...lines] = part.split('\n');
  return [name, new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))];
}

function stateOf(record: Record): ContainerState {
  const alive = record.get('alive');
  if (alive === undefined) return { phase: 'absent' };
  const startedAt = timeOf(record.get('started'));
  const started = { ...(startedAt === undefined ? {} : { startedAt }), ...digestOf(record) };
  if (record.get('phase') === 'ended') return { ...ending(record), ...started };
  // The agent would have said how it ended: the host went down, or somebody killed them both.
  if (alive === 'no') return { phase: 'ended', outOfMemory: false, ...started };
  if (record.get('phase') !== 'running' || startedAt === undefined) return { phase: 'created' };
  return { phase: 'running', startedAt, ...digestOf(record), ...addressOf(record) };
}

function addressOf(record: Record): { readonly address?: Address } {
  const socket = record.get('socket');
  if (socket !== undefined) return isTaskSocket(socket) ? { address: { socket } } : {};
  const port = Number(record.get('port'));
  return port > 0 ? { address: { host: '127.0.0.1', port } } : {};
}

function digestOf(record: Record): { readonly digest?: string } {
  const digest = record.get('digest') ?? '';
  return isDigest(digest) ? { digest } : {};
}

/** Whether a text is a digest, by which a registry knows an image. */
export function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

function ending(record: Record): Extract<ContainerState, { phase: 'ended' }> {
  const code = record.get('exit');
  const endedAt = timeOf(record.get('ended'));
  const error = record.get('reason');
  return {
    phase: 'ended',
    outOfMemory: false,
    ...(code !== undefined && /^\d{1,3}$/.test(code) ? { exitCode: Number(code) } : {}),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(error === undefined ? {} : { error }),
  };
}

function timeOf(seconds: string | undefined): string | undefined {
  return seconds !== undefined && /^\d{1,11}$/.test(seconds)
    ? new Date(Number(seconds) * 1000).toISOString()
    : undefined;
}
