import { SteleError } from '@stele/sdk';
import { keyOf } from '../grammar.ts';
import { parseHostlist } from '../values/hostlist.ts';
import { type Job, withTimes } from '../job.ts';
import { parseExit } from '../observe/exit.ts';
import type { Wanted } from '../scheduler.ts';

const fields = ['JobIDRaw', 'JobName', 'UID', 'State', 'Start', 'End', 'ExitCode', 'NodeList', 'Reason'];
/** How far back a job is looked for whose number was lost: by name alone, accounting looks at all jobs of that time. */
const window = 'now-14days';

/**
 * The questions about these jobs: by number, for those that have one, and by name. At most two.
 * @param account whose jobs are meant by a name
 */
export function accountingQuestions(wanted: readonly Wanted[], account: string): readonly (readonly string[])[] {
  const ids = wanted.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const names = wanted.flatMap(({ id, name }) => (id === undefined ? [name] : []));
  const ask = ['sacct', '--noheader', '--parsable2', '--allocations', `--format=${fields.join(',')}`];
  return [
    ...(ids.length === 0 ? [] : [[...ask, `--jobs=${ids.join(',')}`]]),
    ...(names.length === 0
      ? []
      : [[...ask, `--user=${account}`, `--starttime=${window}`, `--name=${names.join(',')}`]]),
  ];
}

/** Reads an answer. PROTOCOL for anything but rows. */
export function parseAccounting(text: string): readonly Job[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      const row = line.split('|');
      if (row.length < fields.length || !/^\d/.test(line)) {
        throw new SteleError('PROTOCOL', '“sacct” printed something that is no list of jobs.', { raw: line });
      }
      return jobOf(row);
    });
}

function jobOf(row: readonly string[]): readonly Job[] {
  const [id = '', name = '', uid = '', state = '', start = '', end = '', exit = '', nodes = '', ...reason] = row;
  const key = keyOf(name);
  if (key === undefined || !/^\d+$/.test(id)) return [];
  const job = { id, key, state, uid, reason: reason.join('|'), nodes: parseHostlist(nodes), restarts: 0 };
  return [withTimes(job, start, end, parseExit(exit))];
}
