import type { Call, ComputingResource, Host, HostService, Identity } from '@stele/sdk';
import { openFor } from '../accounts.ts';
import { chunks } from '../chunks.ts';
import type { OpenCluster } from '../cluster.ts';
import { foldersOf } from '../home.ts';
import type { Scheduler } from '../scheduler.ts';
import { parseRecords, type Record, recordQuestion } from './record.ts';

/** From where one account's tasks are looked at. */
export interface Seat extends AsyncDisposable {
  readonly scheduler: Scheduler;
  /** What agents say of tasks, by key. */
  records(keys: readonly string[]): Promise<ReadonlyMap<string, Record>>;
}

/** Takes the seat of an account. */
export type OpenSeat = (who: Identity) => Promise<Seat>;

/** Files in one command line. */
const foldersAtOnce = 300;

/** Seats at a resource's host: agents' records lie in folders there. */
export function hostSeats(
  hosts: HostService,
  openCluster: OpenCluster,
  resource: ComputingResource,
  call: Call,
): OpenSeat {
  return async (who) => {
    const host = await openFor(hosts, resource, who, call);
    return {
      scheduler: openCluster(resource, host, call.signal).scheduler,
      records: (keys) => recordsOn(host, resource, keys, call.signal),
      [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
    };
  };
}

async function recordsOn(
  host: Host,
  resource: ComputingResource,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Record>> {
  const { tasks } = await foldersOf(resource, host, signal);
  const found = new Map<string, Record>();
  for (const part of chunks(keys, foldersAtOnce)) {
    const answer = await host.exec(recordQuestion(tasks, part), {}, signal);
    for (const [key, record] of parseRecords(tasks, part, answer)) found.set(key, record);
  }
  return found;
}
