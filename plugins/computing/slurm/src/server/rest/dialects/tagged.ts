import { type Static, Type } from 'typebox';
import { isWord } from '../../grammar.ts';
import { type Job, withTimes } from '../../job.ts';
import type { Exit } from '../../observe/exit.ts';
import type { Request } from '../../launch/request.ts';
import { parseGres } from '../../values/gres.ts';
import { parseHostlist } from '../../values/hostlist.ts';
import { megabytes } from '../../values/memory.ts';
import { minutesOf } from '../../values/time.ts';
import type { Dialect } from './dialect.ts';
import { names, nodeNames, ours, read } from './read.ts';

const mebibyte = 1024 ** 2;

/** A number that may be none, or without end. */
const tagged = Type.Object({ set: Type.Boolean(), infinite: Type.Boolean(), number: Type.Number() });
type Tagged = Static<typeof tagged>;

const exitCode = Type.Object({ return_code: tagged, signal: Type.Object({ id: tagged }) });

const job = Type.Object({
  job_id: Type.Integer(),
  array_job_id: tagged,
  het_job_id: tagged,
  user_id: Type.Integer(),
  user_name: Type.String(),
  job_state: Type.Array(Type.String()),
  state_reason: Type.String(),
  state_description: Type.String(),
  start_time: tagged,
  end_time: tagged,
  exit_code: exitCode,
  restart_cnt: Type.Integer(),
  batch_host: Type.String(),
});

const booked = Type.Object({
  job_id: Type.Integer(),
  array: Type.Object({ job_id: Type.Integer() }),
  het: Type.Object({ job_id: Type.Integer() }),
  user: Type.String(),
  kill_request_user: Type.String(),
  state: Type.Object({ current: Type.Array(Type.String()), reason: Type.String() }),
  exit_code: exitCode,
  time: Type.Object({ start: Type.Number(), end: Type.Number() }),
  nodes: Type.String(),
});

const partitions = Type.Object({
  partitions: Type.Array(
    Type.Object({
      name: Type.String(),
      partition: Type.Object({ state: Type.Array(Type.String()) }),
      maximums: Type.Object({ time: tagged, nodes: tagged }),
      defaults: Type.Object({ time: tagged }),
    }),
  ),
});

const nodes = Type.Object({
  nodes: Type.Array(
    Type.Object({
      address: Type.String(),
      hostname: Type.String(),
      architecture: Type.String(),
      cpus: Type.Integer(),
      real_memory: Type.Integer(),
      gres: Type.String(),
      features: Type.Union([Type.String(), Type.Array(Type.String())]),
      partitions: Type.Array(Type.String()),
    }),
  ),
});

const associations = Type.Object({
  associations: Type.Array(
    Type.Object({ account: Type.String(), is_default: Type.Boolean(), qos: Type.Array(Type.String()) }),
  ),
});

const meta = Type.Object({ meta: Type.Object({ slurm: Type.Object({ release: Type.String() }) }) });
const submitted = Type.Object({ job_id: Type.Optional(Type.Integer()) });
const limits = Type.Object({ jobs: Type.Array(Type.Object({ time_limit: tagged })) });

/**
 * Flags of a job's state that stand in the state's place, as Slurm's commands have it: the first that is there. All others
 * say nothing of where a job is.
 */
const flags = [
  'COMPLETING',
  'STAGE_OUT',
  'CONFIGURING',
  'RESIZING',
  'REQUEUED',
  'REQUEUE_FED',
  'REQUEUE_HOLD',
  'SPECIAL_EXIT',
  'STOPPED',
  'REVOKED',
  'RESV_DEL_HOLD',
  'SIGNALING',
];
/** Of a job that has ended, or whose words for a stage are of the scheduler's own bookkeeping. */
const silent = new Set(['UPDATE_DB', 'LAUNCH_FAILED', 'RECONFIG_FAIL', 'POWER_UP_NODE', 'EXPEDITING']);

/** One word for a list of states. Pure. */
export function stateOf(states: readonly string[]): string {
  const flag = flags.find((one) => states.includes(one));
  const base = states.find((one) => !flags.includes(one) && !silent.has(one));
  return flag ?? base ?? states[0] ?? '';
}

/** From v0.0.40: lists of states, numbers that say whether they are one. v0.0.40 to v0.0.42 of Slurm 24.11. */
export const taggedDialect: Dialect = {
  jobs(body) {
    return ours(job, body).flatMap(({ key, job: one }): Job[] => {
      if (numberOf(one.array_job_id) || numberOf(one.het_job_id)) return [];
      return [
        withTimes(
          {
            id: String(one.job_id),
            key,
            state: stateOf(one.job_state),
            reason: one.state_description || one.state_reason,
            uid: String(one.user_id),
            account: one.user_name,
            nodes: parseHostlist(one.batch_host),
            restarts: one.restart_cnt,
          },
          String(numberOf(one.start_time) ?? ''),
          String(numberOf(one.end_time) ?? ''),
          exitOf(one.exit_code),
        ),
      ];
    });
  },
  booked(body) {
    return ours(booked, body).flatMap(({ key, job: one }): Job[] => {
      if (one.array.job_id || one.het.job_id) return [];
      const state = stateOf(one.state.current);
      return [
        withTimes(
          {
            id: String(one.job_id),
            key,
            state: one.kill_request_user === '' ? state : `${state} by ${one.kill_request_user}`,
            reason: one.state.reason,
            uid: one.user,
            nodes: parseHostlist(one.nodes),
            restarts: 0,
          },
          String(one.time.start),
          String(one.time.end),
          exitOf(one.exit_code),
        ),
      ];
    });
  },
  partitions: (body) =>
    read(partitions, body).partitions.map((one, _, { length }) => ({
      name: one.name,
      // Which of several is the default is told by none of these versions.
      isDefault: length === 1,
      state: one.partition.state[0] ?? '',
      maxTime: seconds(one.maximums.time),
      defaultTime: seconds(one.defaults.time),
      maxNodes: numberOf(one.maximums.nodes),
    })),
  nodes: (body) =>
    read(nodes, body).nodes.map((one) => ({
      partitions: one.partitions,
      machine: one.architecture,
      count: 1,
      cpus: one.cpus,
      memory: one.real_memory * mebibyte,
      gpus: parseGres(one.gres),
      features: names(one.features).filter(isWord),
    })),
  node(body) {
    const [one] = read(nodes, body).nodes;
    return nodeNames(one?.address ?? null, one?.hostname ?? null);
  },
  associations: (body) =>
    read(associations, body).associations.map(({ account, qos, is_default: isDefault }) => ({
      account,
      qos,
      isDefault,
    })),
  version: (body) => read(meta, body).meta.slurm.release,
  submission: ({ name, request, requeue, output, script }, environment) => ({
    script,
    job: {
      name,
      ...asked(request),
      dependency: 'singleton',
      requeue,
      open_mode: ['APPEND'],
      standard_output: output,
      current_working_directory: '/',
      environment: Object.entries(environment).map(([variable, value]) => `${variable}=${value}`),
    },
  }),
  submitted(body) {
    const { job_id: id } = read(submitted, body);
    return id ? String(id) : undefined;
  },
  ending: (which): Readonly<Record<string, string>> =>
    which === 'script' ? { signal: 'TERM', flags: 'BATCH_JOB' } : {},
  timeLimit(body) {
    const [one] = read(limits, body).jobs;
    return one === undefined ? undefined : numberOf(one.time_limit);
  },
  newLimit: (minutes) => ({ time_limit: { set: true, number: minutes } }),
  since: (moment) => new Date(moment * 1000).toISOString().slice(0, 10),
};

function numberOf({ set, infinite, number }: Tagged): number | undefined {
  if (infinite) return Infinity;
  return set ? number : undefined;
}

function seconds(minutes: Tagged): number | undefined {
  const number = numberOf(minutes);
  return number === undefined ? undefined : number * 60;
}

function exitOf({ return_code: code, signal }: Static<typeof exitCode>): Exit | undefined {
  const [exit, by] = [numberOf(code), numberOf(signal.id)];
  return exit === undefined && by === undefined ? undefined : { code: exit ?? 0, signal: by ?? 0 };
}

function asked(request: Request): object {
  const { partition, account, qos, constraint, gpus, gpuType, memory, time } = request;
  return {
    nodes: String(request.nodes),
    tasks: request.nodes,
    tasks_per_node: 1,
    cpus_per_task: request.cpus,
    ...(partition === undefined ? {} : { partition }),
    ...(account === undefined ? {} : { account }),
    ...(qos === undefined ? {} : { qos }),
    ...(constraint === undefined ? {} : { constraints: constraint }),
    ...(gpus === 0 ? {} : { tres_per_node: `gres/gpu:${gpuType === undefined ? '' : `${gpuType}:`}${gpus}` }),
    ...(memory === undefined ? {} : { memory_per_node: { set: true, number: megabytes(memory) } }),
    ...(time === undefined ? {} : { time_limit: { set: true, number: minutesOf(time) } }),
  };
}
