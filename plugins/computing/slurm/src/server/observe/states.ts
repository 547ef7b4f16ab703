import type { Observation } from '@stele/sdk';

type Ended = Extract<Observation, { phase: 'ended' }>;

/** What a job's state means. */
export type Meaning =
  | { readonly phase: 'queued' | 'starting' | 'running' | 'stopping' | 'held' | 'suspended'; readonly reason?: string }
  | { readonly phase: 'ended'; readonly outcome: Ended['outcome']; readonly reason?: string };

/**
 * Every state of a job that Slurm 22.05, 24.11 and 26.05 know, with all flags that may stand in a state's place. What isn't
 * here is unknown, never ended.
 */
const states: Readonly<Record<string, Meaning>> = {
  PENDING: { phase: 'queued' },
  RUNNING: { phase: 'running' },
  SUSPENDED: { phase: 'suspended', reason: 'The cluster has suspended the job.' },
  COMPLETED: { phase: 'ended', outcome: 'completed' },
  CANCELLED: { phase: 'ended', outcome: 'cancelled', reason: 'The job was cancelled on the cluster.' },
  FAILED: { phase: 'ended', outcome: 'failed' },
  TIMEOUT: { phase: 'ended', outcome: 'timed-out', reason: 'The job reached its time limit.' },
  NODE_FAIL: { phase: 'ended', outcome: 'node-failed', reason: 'A node of the job failed.' },
  PREEMPTED: { phase: 'ended', outcome: 'preempted', reason: 'The job had to make room for one of higher priority.' },
  BOOT_FAIL: { phase: 'ended', outcome: 'node-failed', reason: 'A node of the job didn’t start.' },
  DEADLINE: { phase: 'ended', outcome: 'timed-out', reason: 'The job could not end before its deadline.' },
  OUT_OF_MEMORY: { phase: 'ended', outcome: 'out-of-memory', reason: 'The task needed more memory than it was given.' },
  LAUNCH_FAILED: { phase: 'ended', outcome: 'node-failed', reason: 'The job could not be started on its node.' },
  RECONFIG_FAIL: { phase: 'ended', outcome: 'node-failed', reason: 'A node of the job could not be prepared.' },
  REVOKED: { phase: 'ended', outcome: 'cancelled', reason: 'Another cluster of the federation took the job.' },
  EXPEDITING: { phase: 'queued', reason: 'The job is started again, before others.' },
  CONFIGURING: { phase: 'starting', reason: 'The node is being prepared.' },
  POWER_UP_NODE: { phase: 'starting', reason: 'The node is being switched on.' },
  RESIZING: { phase: 'running' },
  SIGNALING: { phase: 'running' },
  UPDATE_DB: { phase: 'running' },
  COMPLETING: { phase: 'stopping', reason: 'The job is ending.' },
  STAGE_OUT: { phase: 'stopping', reason: 'The job’s files are being copied.' },
  STOPPED: { phase: 'suspended', reason: 'The job was stopped by a signal.' },
  REQUEUED: { phase: 'queued', reason: 'The job is queued again.' },
  REQUEUE_FED: { phase: 'queued', reason: 'The job is queued again, in another cluster.' },
  REQUEUE_HOLD: { phase: 'held', reason: 'The job is queued again, and held.' },
  SPECIAL_EXIT: { phase: 'held', reason: 'The job ended in a way that the cluster keeps for its administrators.' },
  RESV_DEL_HOLD: { phase: 'held', reason: 'The job’s reservation was deleted.' },
};

/** Short forms, as `squeue -o %t` has them; some tools and old records do. */
const short: Readonly<Record<string, string>> = {
  BF: 'BOOT_FAIL',
  CA: 'CANCELLED',
  CD: 'COMPLETED',
  CF: 'CONFIGURING',
  CG: 'COMPLETING',
  DL: 'DEADLINE',
  F: 'FAILED',
  NF: 'NODE_FAIL',
  OOM: 'OUT_OF_MEMORY',
  PD: 'PENDING',
  PR: 'PREEMPTED',
  R: 'RUNNING',
  RD: 'RESV_DEL_HOLD',
  RF: 'REQUEUE_FED',
  RH: 'REQUEUE_HOLD',
  RQ: 'REQUEUED',
  RS: 'RESIZING',
  RV: 'REVOKED',
  S: 'SUSPENDED',
  SE: 'SPECIAL_EXIT',
  SI: 'SIGNALING',
  SO: 'STAGE_OUT',
  ST: 'STOPPED',
  TO: 'TIMEOUT',
};

/** What a state means: `RUNNING`, `CANCELLED by 2001`, `CG`. `undefined` for a word that isn't known. */
export function meaningOf(state: string): Meaning | undefined {
  const word = /^[A-Z_]+/.exec(state.trim())?.[0] ?? '';
  const name = short[word] ?? word;
  return Object.hasOwn(states, name) ? states[name] : undefined;
}
