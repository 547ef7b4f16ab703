import type { Task } from '@aws-sdk/client-ecs';
import { type LogOptions, SteleError } from '@stele/sdk';
import type { Cloud } from './aws/cloud.ts';
import { streamOf } from './launch/definition.ts';
import { endOf } from './observe/observation.ts';
import { pause } from './pause.ts';
import type { Timing } from './timing.ts';

/** What reading a log works with. */
export interface Reading {
  readonly cloud: Cloud;
  readonly id: string;
  readonly timing: Timing;
  readonly signal: AbortSignal;
}

/** Most lines that CloudWatch gives at a time. */
const mostLines = 10_000;
const encoder = new TextEncoder();

/** What a task printed: each event of its stream is a line. */
export async function* readLog(reading: Reading, { follow = false, tail }: LogOptions): AsyncGenerator<Uint8Array> {
  const first = await stateOf(reading);
  // CloudWatch shows lines a moment after they were printed: at an end, all of them are waited for.
  if (first.isOver && !follow) await untilArrived(reading, first);
  const start = tail === undefined ? undefined : await lastLines(reading, tail);
  if (start) yield* bytesOf(start.lines);
  yield* readOn(reading, follow, start?.forward);
}

/** Reads on from a token; where it follows, until the task is over and its last lines are there. */
async function* readOn(reading: Reading, follow: boolean, from: string | undefined): AsyncGenerator<Uint8Array> {
  const { cloud, id, signal, timing } = reading;
  let token = from;
  for (;;) {
    // Asked before the lines are read: what was printed until then is among them.
    const isLast = !follow || (await hasArrived(reading));
    for (;;) {
      const query = { stream: streamOf(id), direction: 'forward', ...(token === undefined ? {} : { token }) } as const;
      const page = await cloud.events(query, signal);
      if (page === undefined) break;
      yield* bytesOf(page.lines);
      // A page may be empty and not the last: the end is where the token stays the same.
      if (page.forward === token) break;
      token = page.forward;
    }
    if (isLast) return;
    await pause(timing.poll, signal);
  }
}

/** The last lines of a stream, and where it goes on. */
async function lastLines(
  { cloud, id, signal }: Reading,
  tail: number,
): Promise<{ lines: string[]; forward: string } | undefined> {
  const stream = streamOf(id);
  const limit = Math.max(1, Math.min(tail, mostLines));
  let lines: string[] = [];
  let token: string | undefined;
  let forward: string | undefined;
  for (;;) {
    const page = await cloud.events(
      { stream, direction: 'backward', limit, ...(token === undefined ? {} : { token }) },
      signal,
    );
    if (page === undefined) return undefined;
    forward ??= page.forward;
    lines = [...page.lines, ...lines];
    if (lines.length >= tail || page.backward === token) break;
    token = page.backward;
  }
  return { lines: tail === 0 ? [] : lines.slice(-tail), forward };
}

function* bytesOf(lines: readonly string[]): Generator<Uint8Array> {
  if (lines.length > 0) yield encoder.encode(lines.map((line) => `${line}\n`).join(''));
}

interface State {
  readonly isOver: boolean;
  /** When its lines should all be there; in milliseconds since 1970. */
  readonly arrivedAt: number;
}

/** @throws NOT_FOUND when ECS doesn’t know the task, or it never ran */
async function stateOf({ cloud, id, signal, timing }: Reading): Promise<State> {
  const task = (await cloud.describe([id], signal)).tasks.get(id);
  if (task === undefined) throw noLog();
  const isOver = task.lastStatus === 'STOPPED';
  if (isOver && task.startedAt === undefined) throw noLog();
  return { isOver, arrivedAt: isOver ? arrival(task, timing) : Number.POSITIVE_INFINITY };
}

function arrival(task: Task, { lag }: Timing): number {
  return (endOf(task)?.getTime() ?? 0) + lag;
}

async function hasArrived(reading: Reading): Promise<boolean> {
  return Date.now() >= (await stateOf(reading)).arrivedAt;
}

async function untilArrived({ signal, timing }: Reading, { arrivedAt }: State): Promise<void> {
  const rest = Math.min(arrivedAt - Date.now(), timing.lag);
  if (rest > 0) await pause(rest, signal);
}

export function noLog(): SteleError {
  return new SteleError('NOT_FOUND', 'The task left no log at AWS.');
}
