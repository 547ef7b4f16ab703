import type { Address } from '../address.ts';
import type { ContainerState } from '../engine.ts';
import { SteleError } from '../errors.ts';

/** What an engine says about one container. */
export interface ContainerFacts {
  /** The engine's own id. */
  readonly id: string;
  /** Where it is in its life. */
  readonly state: Exclude<ContainerState, { phase: 'absent' }>;
  /** Memory limit in bytes; 0: none. */
  readonly memory: number;
}

/** The answer to one `inspect` of many names. */
export interface InspectAnswer {
  /** What was found, by name. */
  readonly found: ReadonlyMap<string, ContainerFacts>;
  /** Names that the engine positively does not know. */
  readonly absent: ReadonlySet<string>;
}

/** One line that {@link Dialect.inspectFormat} makes. */
interface InspectLine {
  readonly id: string;
  readonly name: string;
  readonly state: InspectState;
  readonly ports?: Readonly<Record<string, readonly { HostIp?: string; HostPort?: string }[] | null>> | null;
  readonly digest?: string;
  readonly memory?: number;
}

interface InspectState {
  readonly Status: string;
  readonly ExitCode: number;
  readonly OOMKilled?: boolean;
  readonly Error?: string;
  readonly StartedAt: string;
  readonly FinishedAt: string;
}

/** The template that both Podman and Docker understand; `digest` differs. Leaves the environment out: it is secret. */
export function inspectFormat(digest: string | undefined): string {
  const fields = [
    ['id', '.ID'],
    ['name', '.Name'],
    ['state', '.State'],
    ['ports', '.NetworkSettings.Ports'],
    ['memory', '.HostConfig.Memory'],
    ...(digest === undefined ? [] : [['digest', digest]]),
  ];
  return `{${fields.map(([key, value]) => `"${key}":{{json ${value}}}`).join(',')}}`;
}

/**
 * Reads what `inspect --type container --format` printed for `names`. Pure.
 * @returns `undefined` when a name is neither found nor said to be missing: the answer is no answer
 * @throws PROTOCOL for a line that isn't what was asked for
 */
export function parseContainers(names: readonly string[], stdout: string, stderr: string): InspectAnswer | undefined {
  const found = new Map(stdout.split('\n').filter(Boolean).filter(isNoEmptyList).map(parseLine));
  const absent = new Set([...stderr.matchAll(/no such (?:container|object):? "?([^\s:"]+)"?\s*$/gim)].map(nameInMatch));
  const isAnswered = names.every((name) => found.has(name) || absent.has(name));
  return isAnswered ? { found, absent } : undefined;
}

/** Both print `[]` before an error when they were given no template to fill. */
function isNoEmptyList(line: string): boolean {
  return line.trim() !== '[]';
}

function nameInMatch(match: RegExpMatchArray): string {
  return match[1] ?? '';
}

function parseLine(line: string): [string, ContainerFacts] {
  const read = readJson(line);
  if (!isInspectLine(read)) throw new SteleError('PROTOCOL', 'The engine’s answer can’t be understood.', { raw: line });
  return [read.name.replace(/^\//, ''), { id: read.id, state: stateOf(read), memory: read.memory ?? 0 }];
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new SteleError('PROTOCOL', 'The engine’s answer can’t be understood.', { raw: line, cause });
  }
}

function isInspectLine(value: unknown): value is InspectLine {
  const line = value as Partial<InspectLine> | null;
  const state = line?.state;
  return (
    typeof line?.id === 'string' &&
    typeof line.name === 'string' &&
    typeof state?.Status === 'string' &&
    typeof state.ExitCode === 'number' &&
    typeof state.StartedAt === 'string' &&
    typeof state.FinishedAt === 'string'
  );
}

function stateOf(line: InspectLine): ContainerFacts['state'] {
  const startedAt = timeOf(line.state.StartedAt);
  const digest = /^sha256:[a-f0-9]{64}$/.test(line.digest ?? '') ? { digest: line.digest as string } : {};
  switch (line.state.Status) {
    case 'running':
    case 'paused':
    case 'restarting':
    case 'stopping':
      return { phase: 'running', startedAt: startedAt ?? new Date(0).toISOString(), ...address(line), ...digest };
    case 'exited':
    case 'stopped':
    case 'dead':
      return { ...ending(line.state, startedAt), ...digest };
    case 'created':
    case 'configured':
    case 'initialized':
    case 'removing':
      // A container that was started and is `created` again was cut off by its host going down.
      return startedAt === undefined ? { phase: 'created' } : { ...ending(line.state, startedAt), ...digest };
    default:
      throw new SteleError('PROTOCOL', `The engine calls a container “${line.state.Status}”.`, {
        raw: JSON.stringify(line.state),
      });
  }
}

function ending(state: InspectState, startedAt: string | undefined): Extract<ContainerState, { phase: 'ended' }> {
  const finished = timeOf(state.FinishedAt);
  const isKnown = finished !== undefined && (startedAt === undefined || !isBefore(finished, startedAt));
  return {
    phase: 'ended',
    // Docker sets the flag when any process of the container was killed; a task may live on and end well.
    outOfMemory: state.OOMKilled === true && state.ExitCode !== 0,
    ...(isKnown ? { exitCode: state.ExitCode, endedAt: later(finished, startedAt) } : {}),
    ...(state.Error ? { error: state.Error } : {}),
    ...(startedAt === undefined ? {} : { startedAt }),
  };
}

/**
 * Podman takes the end from the time stamp of a file, which the kernel sets by its coarse clock: up to 10 ms behind the
 * start of a container that ends at once. An end of an earlier life lies further back.
 */
const coarseness = 100;

function isBefore(finished: string, startedAt: string): boolean {
  return Date.parse(finished) < Date.parse(startedAt) - coarseness;
}

function later(finished: string, startedAt: string | undefined): string {
  return startedAt !== undefined && finished < startedAt ? startedAt : finished;
}

/** Engines write nine digits after the point, local offsets, and the year 1 for “never”. */
export function timeOf(text: string): string | undefined {
  const time = new Date(text.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(time.getTime()) || time.getUTCFullYear() < 1971 ? undefined : time.toISOString();
}

/** The published port; only what listens on loopback counts. */
function address(line: InspectLine): { address: Address } | undefined {
  const published = Object.values(line.ports ?? {}).flatMap((list) => list ?? []);
  const local = published.find(({ HostIp, HostPort }) => HostIp === '127.0.0.1' && Number(HostPort) > 0);
  return local && { address: { host: '127.0.0.1', port: Number(local.HostPort) } };
}
