import type { CallbackRecord } from '@stele/sdk';
import { parseStatus, type Record, type Status } from '../observe/record.ts';

/** What a task's agent has told: its record, then the end of the log. Pure. */
export function recordOf(told: CallbackRecord | undefined): Record {
  if (told === undefined) return { folder: 'gone', isTold: true };
  const status = statusOf(told);
  return { folder: 'there', isTold: true, ...(status === undefined ? {} : { status }) };
}

/** Its heart beats by the platform's clock: when it was last heard. Pure. */
export function statusOf({ text, heardAt }: CallbackRecord): Status | undefined {
  const lines = text.split('\n\n', 1)[0]?.split('\n') ?? [];
  // Nobody gets to a socket on a node that nobody logs in to.
  const status = parseStatus(lines.filter((line) => !line.startsWith('socket=')));
  if (status === undefined) return undefined;
  return heardAt === undefined ? status : { ...status, heartbeat: Math.floor(Date.parse(heardAt) / 1000) };
}

/** The end of what the task printed. Pure. */
export function logOf({ text }: CallbackRecord): string {
  const at = text.indexOf('\n\n');
  return at < 0 ? '' : text.slice(at + 2);
}

/** Of an end of a log what comes after an earlier end of the same. Pure. */
export function newIn(earlier: string, now: string): string {
  if (now.startsWith(earlier)) return now.slice(earlier.length);
  const last = earlier.slice(-256);
  const at = now.lastIndexOf(last);
  return at < 0 ? `\n[some is missing here]\n${now}` : now.slice(at + last.length);
}

/** The last lines of a text. Pure. */
export function lastLines(text: string, count: number | undefined): string {
  if (count === undefined) return text;
  const lines = text.split('\n');
  const isEnded = lines.at(-1) === '';
  return lines.slice(count === 0 ? lines.length : -count - (isEnded ? 1 : 0)).join('\n');
}
