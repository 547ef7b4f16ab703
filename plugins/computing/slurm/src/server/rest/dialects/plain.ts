import { Type } from 'typebox';
import { isWord } from '../../grammar.ts';
import { type Job, withTimes } from '../../job.ts';
import { parseExit } from '../../observe/exit.ts';
import type { Request } from '../../launch/request.ts';
import { parseGres } from '../../values/gres.ts';
import { parseHostlist } from '../../values/hostlist.ts';
import { megabytes } from '../../values/memory.ts';
import { minutesOf } from '../../values/time.ts';
import type { Dialect } from './dialect.ts';
import { names, nodeNames, ours, read } from './read.ts';

const mebibyte = 1024 ** 2;
const maybeText = Type.Union([Type.String(), Type.Null()]);
const maybeNumber = Type.Union([Type.Number(), Type.Null()]);

const job = Type.Object({
  job_id: Type.Integer(),
  array_job_id: maybeNumber,
  het_job_id: maybeNumber,
  user_id: Type.Integer(),
  user_name: maybeText,
  job_state: Type.String(),
  state_reason: maybeText,
  state_description: maybeText,
  start_time: Type.Number(),
  end_time: Type.Number(),
  exit_code: Type.Integer(),
  restart_cnt: maybeNumber,
  batch_host: maybeText,
});

const booked = Type.Object({
  job_id: Type.Integer(),
  array: Type.Object({ job_id: maybeNumber }),
  het: Type.Object({ job_id: maybeNumber }),
  user: maybeText,
  kill_request_user: maybeText,
  state: Type.Object({ current: Type.String(), reason: maybeText }),
  exit_code: Type.Object({
    return_code: maybeNumber,
    signal: Type.Optional(Type.Object({ signal_id: Type.Integer() })),
  }),
  time: Type.Object({ start: Type.Number(), end: Type.Number() }),
  nodes: maybeText,
});

const partitions = Type.Object({
  partitions: Type.Array(
    Type.Object({
      name: Type.String(),
      flags: Type.Array(Type.String()),
      state: maybeText,
      max_time_limit: maybeNumber,
      default_time_limit: maybeNumber,
      maximum_nodes_per_job: maybeNumber,
    }),
  ),
});

const nodes = Type.Object({
  nodes: Type.Array(
    Type.Object({
      address: maybeText,
      hostname: maybeText,
      architecture: maybeText,
      cpus: Type.Integer(),
      real_memory: Type.Integer(),
      gres: maybeText,
      features: maybeText,
      partitions: Type.Array(Type.String()),
    }),
  ),
});

const associations = Type.Object({
  associations: Type.Array(
    Type.Object({
      account: Type.String(),
      is_default: Type.Optional(maybeNumber),
      qos: Type.Array(Type.String()),
    }),
  ),
});

const meta = Type.Object({ meta: Type.Object({ Slurm: Type.Object({ release: Type.String() }) }) });
const submitted = Type.Object({ job_id: Type.Optional(Type.Integer()) });
const limits = Type.Object({ jobs: Type.Array(Type.Object({ time_limit: maybeNumber })) });

/** The first 38 versions: plain numbers and words. v0.0.38 of Slurm 22.05. */
export const plain: Dialect = {
  jobs(body) {
    return ours(job, body).flatMap(({ key, job: one }): Job[] => {
      if (one.array_job_id || one.het_job_id) return [];
      return [
        withTimes(
          {
            id: String(one.job_id),
            key,
            state: one.job_state,
            reason: one.state_description || one.state_reason || '',
            uid: String(one.user_id),
            ...(one.user_name === null ? {} : { account: one.user_name }),
            nodes: parseHostlist(one.batch_host ?? ''),
            restarts: one.restart_cnt ?? 0,
          },
          String(one.start_time),
          String(one.end_time),
          parseExit(String(one.exit_code)),
        ),
      ];
    });
  },
  booked(body) {
    return ours(booked, body).flatMap(({ key, job: one }): Job[] => {
      if (one.array.job_id || one.het.job_id) return [];
      const { current, reason } = one.state;
      const code = one.exit_code.return_code ?? 0;
      const signal = one.exit_code.signal?.signal_id ?? 0;
      // 22.05 tells 0 of every job, however it ended.
      const exit = current === 'COMPLETED' || code !== 0 || signal !== 0 ? { code, signal } : undefined;
      return [
        withTimes(
          {
            id: String(one.job_id),
            key,
            state: one.kill_request_user ? `${current} by ${one.kill_request_user}` : current,
            reason: reason ?? '',
            uid: one.user ?? '',
            nodes: parseHostlist(one.nodes ?? ''),
            restarts: 0,
          },
          String(one.time.start),
          String(one.time.end),
          exit,
        ),
      ];
    });
  },
  partitions: (body) =>
    read(partitions, body).partitions.map((one) => ({
      name: one.name,
      isDefault: one.flags.includes('default'),
      state: one.state ?? '',
      maxTime: seconds(one.max_time_limit),
      defaultTime: seconds(one.default_time_limit),
      maxNodes: one.maximum_nodes_per_job ?? undefined,
    })),
  nodes: (body) =>
    read(nodes, body).nodes.map((one) => ({
      partitions: one.partitions,
      machine: one.architecture ?? '',
      count: 1,
      cpus: one.cpus,
      memory: one.real_memory * mebibyte,
      gpus: parseGres(one.gres ?? ''),
      features: names(one.features ?? '').filter(isWord),
    })),
  node(body) {
    const [one] = read(nodes, body).nodes;
    return nodeNames(one?.address ?? null, one?.hostname ?? null);
  },
  associations: (body) =>
    read(associations, body).associations.map((one) => ({
      account: one.account,
      qos: one.qos,
      isDefault: one.is_default === 1,
    })),
  version: (body) => read(meta, body).meta.Slurm.release,
  submission: ({ name, request, requeue, output, script }, environment) => ({
    script,
    job: {
      name,
      ...asked(request),
      dependency: 'singleton',
      requeue,
      open_mode: 'append',
      standard_output: output,
      current_working_directory: '/',
      environment,
    },
  }),
  submitted(body) {
    const { job_id: id } = read(submitted, body);
    return id ? String(id) : undefined;
  },
  // There is no way to signal the script alone.
  ending: (which): Readonly<Record<string, string>> => (which === 'script' ? { signal: 'TERM' } : {}),
  timeLimit: (body) => {
    const [one] = read(limits, body).jobs;
    return one?.time_limit ?? undefined;
  },
  newLimit: (minutes) => ({ time_limit: minutes }),
  since: (moment) => new Date(moment * 1000).toISOString().slice(0, 10),
};

/** Of minutes; a limit that isn't there is -1, or nothing. */
function seconds(minutes: number | null): number | undefined {
  return minutes === null || minutes < 0 ? undefined : minutes * 60;
}

function asked(request: Request): object {
  const { partition, account, qos, constraint, gpus, gpuType, memory, time } = request;
  return {
    nodes: [request.nodes, request.nodes],
    tasks: request.nodes,
    tasks_per_node: 1,
    cpus_per_task: request.cpus,
    ...(partition === undefined ? {} : { partition }),
    ...(account === undefined ? {} : { account }),
    ...(qos === undefined ? {} : { qos }),
    ...(constraint === undefined ? {} : { constraints: constraint }),
    ...(gpus === 0 ? {} : { gres: `gpu:${gpuType === undefined ? '' : `${gpuType}:`}${gpus}` }),
    ...(memory === undefined ? {} : { memory_per_node: megabytes(memory) }),
    ...(time === undefined ? {} : { time_limit: minutesOf(time) }),
  };
}
