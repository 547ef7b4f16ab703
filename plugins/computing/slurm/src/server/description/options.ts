import { type ComputingDescription, type JsonObject, type JsonSchema, memoryInWords } from '@stele/sdk';
import type { Conf } from '../conf.ts';
import { durationWords } from '../values/time.ts';
import type { Detail } from './description.ts';
import type { Partition } from '../scheduler.ts';
import { gpusOf } from './partition.ts';

const mebibyte = 1024 ** 2;
/** The most that is asked for where the cluster sets no limit: a year. */
const longest = 366 * 86_400;

/** Schema of launch options. Pure. What a partition doesn't have is refused by the schema, before Slurm lets a job wait for ever. */
export function options(conf: Conf, description: ComputingDescription): JsonSchema {
  const detail = description.detail as unknown as Detail;
  const { partitions } = detail;
  const properties = {
    ...(partitions.length > 0 ? { partition: partitionField(conf, partitions) } : {}),
    cpus: cpusField(conf, partitions),
    memory: memoryField(conf, partitions),
    time: timeField(conf, partitions),
    ...gpuFields(partitions),
    ...accountFields(conf, detail),
    ...placeFields(conf, partitions),
  };
  const names = Object.keys(properties);
  const standard = standardOf(conf, partitions);
  const limits = partitions.map((partition) => limitsOf(partition, names, partition === standard));
  return { type: 'object', properties, additionalProperties: false, ...(limits.length > 0 ? { allOf: limits } : {}) };
}

/** The partition of a task that chooses none. */
function standardOf(conf: Conf, partitions: readonly Partition[]): Partition | undefined {
  return partitions.find(({ name }) => name === conf.partition) ?? partitions.find((one) => one.isDefault);
}

function partitionField(conf: Conf, partitions: readonly Partition[]): JsonObject {
  const standard = standardOf(conf, partitions);
  return {
    title: 'Partition',
    description: 'Group of nodes that the job waits for.',
    oneOf: partitions.map((partition) => ({ const: partition.name, title: partitionTitle(partition) })),
    ...(standard === undefined ? {} : { default: standard.name }),
    'x-order': 1,
  };
}

function partitionTitle(partition: Partition): string {
  const gpus = gpusOf(partition);
  const parts = [
    `${partition.cpus} cores`,
    memoryInWords(partition.memory),
    ...(gpus > 0 ? [`${gpus} ${gpus === 1 ? 'GPU' : 'GPUs'}`] : []),
    partition.maxTime === undefined ? 'any time' : durationWords(partition.maxTime),
  ];
  return `${partition.name} (${parts.join(', ')})`;
}

function cpusField(conf: Conf, partitions: readonly Partition[]): JsonObject {
  const most = Math.max(1, ...partitions.map(({ cpus }) => cpus));
  return {
    type: 'integer',
    title: 'Cores',
    minimum: 1,
    maximum: most,
    default: Math.min(conf.cpus, most),
    'x-order': 2,
  };
}

function memoryField(conf: Conf, partitions: readonly Partition[]): JsonObject {
  const most = Math.max(16 * mebibyte, ...partitions.map(({ memory }) => memory));
  return {
    type: 'integer',
    title: 'Memory',
    description: 'The task is ended when it needs more. Empty: what the cluster gives to a job.',
    minimum: 16 * mebibyte,
    maximum: most,
    ...(conf.memory === undefined ? {} : { default: Math.min(conf.memory, most) }),
    'x-unit': 'bytes',
    'x-order': 3,
  };
}

function timeField(conf: Conf, partitions: readonly Partition[]): JsonObject {
  const most = Math.max(60, ...partitions.map(({ maxTime }) => maxTime ?? longest));
  return {
    type: 'integer',
    title: 'Time',
    description: 'The task is ended after it. Shorter jobs start sooner. Empty: what the partition gives.',
    minimum: 60,
    maximum: most,
    ...(conf.time === undefined ? {} : { default: Math.min(conf.time, most) }),
    'x-unit': 'seconds',
    'x-order': 4,
  };
}

function gpuFields(partitions: readonly Partition[]): JsonObject {
  const most = Math.max(0, ...partitions.map(gpusOf));
  if (most === 0) return {};
  const types = [...new Set(partitions.flatMap(({ gpus }) => Object.keys(gpus)))].filter((type) => type !== '').sort();
  const gpus = { type: 'integer', title: 'GPUs', minimum: 0, maximum: most, default: 0, 'x-order': 5 };
  if (types.length === 0) return { gpus };
  return { gpus, gpuType: { type: 'string', title: 'Type of GPU', enum: types, 'x-order': 6, 'x-advanced': true } };
}

function accountFields(conf: Conf, { allowance: { accounts, defaultAccount, qos } }: Detail): JsonObject {
  const account = conf.account !== undefined && accounts.includes(conf.account) ? conf.account : defaultAccount;
  const service = conf.qos !== undefined && qos.includes(conf.qos) ? conf.qos : undefined;
  const accountField = {
    type: 'string',
    title: 'Account',
    description: 'Who is charged for the job.',
    enum: [...accounts],
    ...(account === undefined ? {} : { default: account }),
    'x-order': 7,
    'x-advanced': accounts.length < 2,
  };
  const qosField = {
    type: 'string',
    title: 'Quality of service',
    enum: [...qos],
    ...(service === undefined ? {} : { default: service }),
    'x-order': 8,
    'x-advanced': true,
  };
  return { ...(accounts.length > 0 ? { account: accountField } : {}), ...(qos.length > 0 ? { qos: qosField } : {}) };
}

function placeFields(conf: Conf, partitions: readonly Partition[]): JsonObject {
  const features = [...new Set(partitions.flatMap((partition) => partition.features))].sort();
  const constraint = {
    type: 'string',
    title: 'Kind of node',
    description: 'A feature that the node has to have.',
    enum: features,
    'x-order': 9,
    'x-advanced': true,
  };
  const nodes = {
    type: 'integer',
    title: 'Nodes',
    description: 'The container runs on the first one.',
    minimum: 1,
    maximum: conf.nodes,
    default: 1,
    'x-order': 10,
    'x-advanced': true,
  };
  return { ...(features.length > 0 ? { constraint } : {}), ...(conf.nodes > 1 ? { nodes } : {}) };
}

/** What holds when this partition is chosen, or none is and this is the one that is meant then. */
function limitsOf(partition: Partition, names: readonly string[], isStandard: boolean): JsonObject {
  const limits: Readonly<Record<string, number | undefined>> = {
    cpus: Math.max(1, partition.cpus),
    memory: Math.max(16 * mebibyte, partition.memory),
    time: partition.maxTime,
    gpus: gpusOf(partition),
    nodes: Math.max(1, Math.min(partition.nodes, partition.maxNodes ?? Infinity)),
  };
  const then = Object.entries(limits).flatMap(([name, maximum]) =>
    maximum === undefined || !names.includes(name) ? [] : [[name, { maximum }] as const],
  );
  return {
    if: { properties: { partition: { const: partition.name } }, required: isStandard ? [] : ['partition'] },
    // oxlint-disable-next-line unicorn/no-thenable -- a word of JSON Schema; nobody awaits a schema
    then: { properties: Object.fromEntries(then) },
  };
}
