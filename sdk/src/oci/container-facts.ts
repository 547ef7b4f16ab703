import type { Address } from '../address.ts';
import type { ContainerState } from '../engine.ts';
import { SteleError } from '../errors.ts';

/** What an engine says about one container. */
export interface ContainerFacts {
  /** The engine's own id. */
  readonly id: string;
  /** Without the slash that Docker puts before it. */
  readonly name: string;
  /** Where it is in its life. */
  readonly state: Exclude<ContainerState, { phase: 'absent' }>;
  /** Memory limit in bytes; 0: none. */
  readonly memory: number;
}

/** What is read of an engine's answer about one container; `state` and `ports` are as engines write them. */
export interface InspectLine {
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

/**
 * Reads what an engine says about one container. Pure.
 * @throws PROTOCOL for what isn't that
 */
export function readFacts(read: unknown): ContainerFacts {
  if (!isInspectLine(read)) {
    throw new SteleError('PROTOCOL', 'The engine’s answer can’t be understood.', { raw: JSON.stringify(read) });
  }
  return { id: read.id, name: read.name.replace(/^\//, ''), state: stateOf(read), memory: read.memory ?? 0 };
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
      return { ...ending(line.state, startedAt, timeOf(line.state.FinishedAt)), ...digest };
    case 'created':
    case 'configured':
    case 'initialized':
    case 'removing':
      // A container that was started and is `created` again was cut off by its host going down: nobody saw its end.
      return startedAt === undefined
        ? { phase: 'created' }
        : { ...ending(line.state, startedAt, undefined), ...digest };
    default:
      throw new SteleError('PROTOCOL', `The engine calls a container “${line.state.Status}”.`, {
        raw: JSON.stringify(line.state),
      });
  }
}

function ending(
  state: InspectState,
  startedAt: string | undefined,
  finished: string | undefined,
): Extract<ContainerState, { phase: 'ended' }> {
  return {
    phase: 'ended',
    // Docker sets the flag when any process of the container was killed; a task may live on and end well.
    outOfMemory: state.OOMKilled === true && state.ExitCode !== 0,
    ...(finished === undefined ? {} : { exitCode: state.ExitCode, endedAt: later(finished, startedAt) }),
    ...(state.Error ? { error: state.Error } : {}),
    ...(startedAt === undefined ? {} : { startedAt }),
  };
}

/**
 * Podman notes the start when its runtime has come back, which on a busy host is after the end of what ended at once; and the end
 * by the coarse clock of files.
 */
function later(finished: string, startedAt: string | undefined): string {
  return startedAt !== undefined && finished < startedAt ? startedAt : finished;
}

/** Engines write nine digits after the point, local offsets, and the year 1 for “never”. */
export function timeOf(text: string): string | undefined {
  const time = new Date(text.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(time.getTime()) || time.getUTCFullYear() < 1971 ? undefined : time.toISOString();
}

const everywhere = ['', '0.0.0.0', '::'];

/** The published port; only what listens on one address of the host counts. */
function address(line: InspectLine): { address: Address } | undefined {
  const published = Object.values(line.ports ?? {}).flatMap((list) => list ?? []);
  const one = published.find(({ HostIp = '', HostPort }) => !everywhere.includes(HostIp) && Number(HostPort) > 0);
  return one && { address: { host: one.HostIp ?? '', port: Number(one.HostPort) } };
}
