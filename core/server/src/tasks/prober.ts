import {
  type ComputingDriver,
  type ComputingResource,
  type InterfaceProtocol,
  messageOf,
  type Registry,
} from '@stele/sdk';
import type { Task } from '../model/index.ts';
import { callFor, handleOf } from './handle.ts';
import type { Logger } from '@stele/sdk';

const limit = 5_000;

/** Knocks at the interfaces of running tasks. */
export class Prober {
  readonly #protocols: Registry<InterfaceProtocol>;
  readonly #log: Logger;

  constructor(protocols: Registry<InterfaceProtocol>, log: Logger) {
    this.#protocols = protocols;
    this.#log = log;
  }

  /** Whether the interface answers; if not, why, for people. Never throws. */
  async probe(
    driver: ComputingDriver,
    resource: ComputingResource,
    row: Task,
    signal: AbortSignal,
  ): Promise<{ readonly isReady: boolean; readonly reason?: string }> {
    const protocol = this.#protocols.get(row.launch.interface.protocol);
    if (!protocol) {
      return { isReady: false, reason: `The plugin for “${row.launch.interface.protocol}” interfaces is not active.` };
    }
    const task = handleOf(row);
    const call = callFor(task.who, this.#log, signal, limit);
    try {
      const reach = await driver.reach(resource, task, call);
      return await protocol.probe((inner) => reach.via.dial(reach.address, inner), call.signal);
    } catch (error) {
      this.#log.debug('probe failed', { task: row.id, error });
      return { isReady: false, reason: `The application can’t be reached yet: ${messageOf(error)}` };
    }
  }
}
