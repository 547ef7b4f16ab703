import type { JsonObject } from '@stele/sdk';
import { SteleError } from '@stele/sdk';
import type { Conf } from '../conf.ts';
import { isWord } from '../grammar.ts';
import { formatMemory } from '../values/memory.ts';
import { formatMinutes } from '../values/time.ts';

/** What a job asks Slurm for. Every value is of a grammar that no command line can misread. */
export interface Request {
  readonly partition?: string;
  readonly account?: string;
  readonly qos?: string;
  readonly constraint?: string;
  readonly gpuType?: string;
  readonly cpus: number;
  readonly nodes: number;
  readonly gpus: number;
  /** Bytes. */
  readonly memory?: number;
  /** Seconds. */
  readonly time?: number;
}

const words = ['partition', 'account', 'qos', 'constraint', 'gpuType'] as const;

/** Reads a user's choices, with the resource's settings where there is none. Pure. INVALID with the option's field. */
export function requestOf(options: JsonObject, conf: Conf): Request {
  const given = words.map(
    (name) => [name, wordOf(options, name) ?? (name in conf ? conf[name as 'partition'] : undefined)] as const,
  );
  const memory = amountOf(options, 'memory', Number.MAX_SAFE_INTEGER) ?? conf.memory;
  const time = amountOf(options, 'time', 10 * 366 * 86_400) ?? conf.time;
  return {
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    cpus: amountOf(options, 'cpus', 65_536) ?? conf.cpus,
    nodes: amountOf(options, 'nodes', conf.nodes) ?? 1,
    gpus: amountOf(options, 'gpus', 1_024, 0) ?? 0,
    ...(memory === undefined ? {} : { memory }),
    ...(time === undefined ? {} : { time }),
  };
}

function wordOf(options: JsonObject, name: string): string | undefined {
  const value = options[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string' && isWord(value)) return value;
  throw invalid(name, 'has letters, digits, “_”, “.” and “-”, and begins with none of the last two');
}

function amountOf(options: JsonObject, name: string, most: number, least = 1): number | undefined {
  const value = options[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalid(name, `is a whole number from ${least} to ${most}`);
}

function invalid(name: string, rule: string): SteleError {
  return new SteleError('INVALID', `The option “${name}” ${rule}.`, { field: `options.${name}` });
}

/** The request as arguments of `sbatch`: they win over whatever the account's environment (`SBATCH_…`) says. Pure. */
export function requestArguments(request: Request): readonly string[] {
  const { partition, account, qos, constraint, gpus, gpuType, memory, time } = request;
  return [
    `--nodes=${request.nodes}`,
    '--ntasks-per-node=1',
    `--cpus-per-task=${request.cpus}`,
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(account === undefined ? [] : [`--account=${account}`]),
    ...(qos === undefined ? [] : [`--qos=${qos}`]),
    ...(constraint === undefined ? [] : [`--constraint=${constraint}`]),
    ...(gpus === 0 ? [] : [`--gres=gpu:${gpuType === undefined ? '' : `${gpuType}:`}${gpus}`]),
    ...(memory === undefined ? [] : [`--mem=${formatMemory(memory)}`]),
    ...(time === undefined ? [] : [`--time=${formatMinutes(time)}`]),
  ];
}
