import { SteleError } from '@stele/sdk';
import { keyOf } from '../grammar.ts';
import { parseHostlist } from '../values/hostlist.ts';
import { type Job, withTimes } from '../job.ts';
import { parseExit } from '../observe/exit.ts';

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
      parseExit(exit),
    ),
  ];
}

function garbage(line: string): SteleError {
  return new SteleError('PROTOCOL', '“squeue” printed something that is no list of jobs.', { raw: line });
}
