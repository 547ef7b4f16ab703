import { SteleError } from '@stele/sdk';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { keyOf } from '../../grammar.ts';
import type { NodeNames } from '../../scheduler.ts';
import { isNodeName } from '../../grammar.ts';
import type { Body } from './dialect.ts';

/** Reads an answer. PROTOCOL when it has another shape. */
export function read<T extends TSchema>(schema: T, value: unknown): Static<T> {
  if (Value.Check(schema, value)) return value as Static<T>;
  const [first] = Value.Errors(schema, value);
  const where = first === undefined ? '' : ` (${first.instancePath.slice(0, 100) || 'it'} ${first.message})`;
  const message = `Slurm’s REST API answered in a shape that its version doesn’t have${where}.`;
  throw new SteleError('PROTOCOL', message, { raw: JSON.stringify(value).slice(0, 4_096) });
}

const named = Type.Object({ jobs: Type.Array(Type.Object({ name: Type.Union([Type.String(), Type.Null()]) })) });

/** Jobs of ours in a list of everybody's: only their shape matters. With the key of each. */
export function ours<T extends TSchema>(schema: T, body: Body): readonly { key: string; job: Static<T> }[] {
  return read(named, body).jobs.flatMap((job) => {
    const key = keyOf(job.name ?? '');
    return key === undefined ? [] : [{ key, job: read(schema, job) }];
  });
}

/** How a node is called. PROTOCOL for what can be no name. */
export function nodeNames(address: string | null, hostname: string | null): NodeNames {
  const hostName = hostname ?? address;
  if (address !== null && hostName !== null && isNodeName(address) && isNodeName(hostName))
    return { address, hostName };
  throw new SteleError('PROTOCOL', 'Slurm’s REST API didn’t say where the task’s node is.');
}

/** A list as text: `avx,ib`; newer versions have a list. */
export function names(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? value.split(',').filter((name) => name !== '') : value;
}
