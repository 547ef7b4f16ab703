import { SteleError } from '@stele/sdk';
import { keyOf } from '../grammar.ts';
import { parseHostlist } from '../values/hostlist.ts';
import { parseMoment } from '../values/time.ts';
import { type Exit, parseExit } from './exit.ts';

/** One job of ours as Slurm knows it. */
export interface Job {
  readonly id: string;
  readonly key: string;
  readonly state: string;
  /** The scheduler's word for why it waits or how it ended. */
  readonly reason: string;
  readonly uid: string;
  readonly exit?: Exit;
  /** When it began; for a job that waits, when it is expected to. */
  readonly start?: string;
  /** When it ended; for a job that runs, when its time is over. */
  readonly end?: string;
  readonly nodes: readonly string[];
  /** How often it was queued again. */
  readonly restarts: number;
}

/**
 * Each field has its own mark behind it and a width of its own: without one, `squeue -O` cuts at 20 characters, and free
 * text may hold any separator. Such text comes last.
 */
const fields =
  'JobArrayID:32|,Name:32|,UserID:12|,State:20|,StartTime:20|,EndTime:20|,exit_code:12|,RestartCnt:8|,BatchHost:96|,Reason:160';
const count = fields.split(',').length;

/**
 * The question about all jobs of these names, finished ones among them. Anybody may give a job of theirs the name of one of
 * ours, which all see in the queue: who doesn't know a job's number asks for one account's alone.
 * @param account whose jobs; absent: everybody's
 */
export function queueQuestion(names: readonly string[], account?: string): readonly string[] {
  const whose = account === undefined ? [] : [`--user=${account}`];
  return ['squeue', '--noheader', '--all', '--states=all', ...whose, `--name=${names.join(',')}`, `--Format=${fields}`];
}

/**
 * Reads the answer. Jobs of arrays and parts of heterogeneous jobs aren't ours, whatever their names. PROTOCOL for anything
 * but rows: half an answer says nothing of what is missing from it.
 */
export function parseQueue(text: string): readonly Job[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      const all = line.split('|');
      const row = [...all.slice(0, count - 1).map((field) => field.trim()), ...all.slice(count - 1)];
      if (row.length < count || !/^\d+[\d_+[\]%,-]*(?:\.\.\.\]?)?$/.test(row[0] ?? '')) throw garbage(line);
      return jobOf(row);
    });
}

function jobOf(row: readonly string[]): readonly Job[] {
  const [id = '', name = '', uid = '', state = '', start = '', end = '', exit = '', restarts = '', node = ''] = row;
  const key = keyOf(name);
  if (key === undefined || !/^\d+$/.test(id)) return [];
  const reason = row
    .slice(count - 1)
    .join('|')
    .trim();
  return [
    withTimes(
      { id, key, state, reason, uid, nodes: parseHostlist(node), restarts: Number(restarts) || 0 },
      start,
      end,
      exit,
    ),
  ];
}

/** Adds what is known of times and exit. */
export function withTimes(job: Job, start: string, end: string, exit: string): Job {
  const [startedAt, endedAt, code] = [parseMoment(start), parseMoment(end), parseExit(exit)];
  return {
    ...job,
    ...(startedAt === undefined ? {} : { start: startedAt }),
    ...(endedAt === undefined ? {} : { end: endedAt }),
    ...(code === undefined ? {} : { exit: code }),
  };
}

function garbage(line: string): SteleError {
  return new SteleError('PROTOCOL', '“squeue” printed something that is no list of jobs.', { raw: line });
}
