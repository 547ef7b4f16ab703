import type { Observation } from '@stele/sdk';
import { unheardFailure } from '../calling/script.ts';
import type { Job } from '../job.ts';
import { waitingFor } from './reasons.ts';
import type { Record, Status } from './record.ts';
import { type Meaning, meaningOf } from './states.ts';

type Ended = Extract<Observation, { phase: 'ended' }>;
type Alive = Exclude<Observation, { phase: 'absent' | 'unknown' | 'ended' }>;

/** All that was seen of one task. */
export interface Evidence {
  /** From the controller. */
  readonly queue?: Job | undefined;
  /** From accounting. `none`: the cluster has none. `unseen`: it could not be asked. `absent`: it doesn't know the job. */
  readonly accounting: Job | 'none' | 'unseen' | 'absent';
  readonly record: Record;
}

/** What the evidence says about a task. Pure. Only words of the scheduler or the agent end a task. */
export function judge(evidence: Evidence): Observation {
  const seen = judgeLife(evidence);
  const { digest } = evidence.record;
  const hasBegun = seen.phase === 'running' || seen.phase === 'ended';
  return digest !== undefined && hasBegun ? { ...seen, digest } : seen;
}

function judgeLife({ queue, accounting, record }: Evidence): Observation {
  const booked = typeof accounting === 'string' ? undefined : accounting;
  if (queue !== undefined) return judgeJob(queue, booked, record);
  const ended = booked && meaningOf(booked.state)?.phase === 'ended';
  if (ended) return judgeJob(booked, booked, record);
  if (record.status?.phase === 'ended') return endedByAgent(record.status, booked?.id);
  if (booked) return unknown(`Slurm’s accounting has the job as ${booked.state}, and its controller doesn’t know it.`);
  if (accounting === 'unseen')
    return unknown('Slurm’s controller no longer knows the job, and its accounting doesn’t answer.');
  return { phase: 'absent' };
}

function judgeJob(job: Job, booked: Job | undefined, record: Record): Observation {
  const meaning = meaningOf(job.state);
  if (!meaning) return unknown(`Slurm has the job in a state that isn’t known here: ${job.state}.`);
  if (meaning.phase === 'ended') return ended(job, booked, meaning, record);
  return alive(job, meaning, record);
}

function unknown(reason: string): Observation {
  return { phase: 'unknown', reason };
}

function alive(job: Job, meaning: Exclude<Meaning, { phase: 'ended' }>, record: Record): Alive {
  const common = { ref: job.id, ...(job.nodes.length === 0 ? {} : { nodes: job.nodes }) };
  if (meaning.phase === 'queued' || meaning.phase === 'held') return { ...common, ...waiting(job, meaning) };
  const startedAt = job.start === undefined ? {} : { startedAt: job.start };
  const detail = job.end === undefined ? job.state : `${job.state}, until ${job.end} at the latest`;
  const now = meaning.phase === 'running' ? running(job, record) : meaning;
  return { ...common, ...startedAt, ...now, detail };
}

/** Slurm calls a job running as soon as its script begins; a task runs when its container does. */
function running(job: Job, { folder, isTold, status }: Record): Pick<Alive, 'phase' | 'reason'> {
  if (folder === 'unknown' || status?.phase === 'running') return { phase: 'running' };
  if (status?.phase === 'ended') return { phase: 'stopping', reason: 'The container has ended; the job is about to.' };
  const where = job.nodes[0] === undefined ? 'its node' : job.nodes[0];
  if (isTold) return { phase: 'starting', reason: `Waiting for the first call of the task’s agent on ${where}.` };
  if (folder === 'gone')
    return { phase: 'running', reason: 'Its folder on the cluster is gone: the task can’t be reached.' };
  return { phase: 'starting', reason: `The container is starting on ${where}.` };
}

function waiting(job: Job, meaning: Meaning): Pick<Alive, 'phase' | 'reason' | 'detail' | 'expectedAt'> {
  const seen = waitingFor(job.reason);
  const isHeld = meaning.phase === 'held' || seen.phase === 'held';
  const again = job.restarts > 0 ? ' It was queued again after a first run.' : '';
  return {
    phase: isHeld ? 'held' : 'queued',
    reason: `${meaning.reason ?? seen.reason}${again}`,
    detail: `${job.state} ${job.reason}`.trim(),
    ...(job.start === undefined || isHeld ? {} : { expectedAt: job.start }),
  };
}

function ended(
  job: Job,
  booked: Job | undefined,
  meaning: Extract<Meaning, { phase: 'ended' }>,
  record: Record,
): Observation {
  const { folder, status } = record;
  // Who cleaned up wants to hear no more of it; the scheduler remembers it for months.
  if (folder === 'gone') return { phase: 'absent' };
  const detail = [job.state, job.reason === 'None' ? '' : job.reason, exitWord(job)]
    .filter((word) => word !== '')
    .join(' ');
  const reason = reasonOf(job, booked, meaning, record);
  const exitCode = exitOf(job, meaning.outcome, status);
  return {
    phase: 'ended',
    outcome: meaning.outcome,
    ref: job.id,
    detail,
    ...(reason === undefined ? {} : { reason }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(job.start === undefined ? {} : { startedAt: job.start }),
    ...(job.end === undefined ? {} : { endedAt: job.end }),
    ...(job.nodes.length === 0 ? {} : { nodes: job.nodes }),
  };
}

function exitWord({ exit }: Job): string {
  return exit === undefined ? '' : `${exit.code}:${exit.signal}`;
}

function exitOf({ exit }: Job, outcome: Ended['outcome'], status: Status | undefined): number | undefined {
  if (status?.phase === 'ended' && status.exit !== undefined) return status.exit;
  if (outcome !== 'completed' && outcome !== 'failed') return undefined;
  if (exit === undefined) return undefined;
  return exit.signal === 0 ? exit.code : 128 + exit.signal;
}

function reasonOf(
  job: Job,
  booked: Job | undefined,
  { outcome, reason }: Extract<Meaning, { phase: 'ended' }>,
  { status, isTold }: Record,
): string | undefined {
  if (outcome === 'cancelled') return canceller(booked) ?? reason;
  if (outcome !== 'failed') return reason;
  const own = status?.phase === 'ended' ? status.reason : undefined;
  const unheard = isTold && status === undefined ? unheardFailure(job.exit?.code) : undefined;
  return own === undefined ? (unheard ?? failureWords(job, status)) : sentence(own);
}

function failureWords({ exit, reason }: Job, status: Status | undefined): string {
  if (/^(?:BadConstraints|JobLaunchFailure|InvalidAccount|InvalidQOS)$/.test(reason)) return waitingFor(reason).reason;
  const signal =
    status?.signal ?? (exit?.signal || undefined) ?? (exit && exit.code > 128 ? exit.code - 128 : undefined);
  if (signal !== undefined) return `The task was ended by signal ${signal}.`;
  const code = status?.exit ?? exit?.code;
  return code === undefined ? 'The task failed.' : `The task ended with exit code ${code}.`;
}

/** Accounting tells who cancelled a job: `CANCELLED by 2001`. */
function canceller(booked: Job | undefined): string | undefined {
  const uid = /^CANCELLED by (\d+)/.exec(booked?.state ?? '')?.[1];
  if (booked === undefined || uid === undefined) return undefined;
  if (uid === booked.uid) return 'The job was cancelled on the cluster by its own account.';
  if (uid === '0') return 'The job was cancelled by the cluster’s administrators.';
  return `The job was cancelled on the cluster by another account (uid ${uid}).`;
}

/** Neither the controller nor accounting know the job any more, and its agent wrote down how it ended. */
function endedByAgent(status: Status, ref: string | undefined): Ended {
  const failed = (status.exit ?? 1) !== 0 || status.signal !== undefined;
  const reason = status.reason === undefined ? undefined : sentence(status.reason);
  return {
    phase: 'ended',
    outcome: failed ? 'failed' : 'completed',
    ...(ref === undefined ? {} : { ref }),
    ...(failed ? { reason: reason ?? failureWords({ reason: '' } as Job, status) } : {}),
    ...(status.exit === undefined ? {} : { exitCode: status.exit }),
    ...(status.started === undefined ? {} : { startedAt: new Date(status.started * 1000).toISOString() }),
    ...(status.ended === undefined ? {} : { endedAt: new Date(status.ended * 1000).toISOString() }),
    ...(status.node === undefined ? {} : { nodes: [status.node] }),
  };
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
