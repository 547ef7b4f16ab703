import type { ComputingResource, Host } from '@stele/sdk';
import { hasCode } from '@stele/sdk';
import type { Scheduler } from './scheduler.ts';

/** A cluster as one account uses it: the host that has its tasks' folders and leads to its nodes, and its scheduler. */
export class Cluster {
  readonly host: Host;
  readonly scheduler: Scheduler;
  readonly signal: AbortSignal;

  constructor(host: Host, scheduler: Scheduler, signal: AbortSignal) {
    this.host = host;
    this.scheduler = scheduler;
    this.signal = signal;
  }

  /** What a program that may be missing prints on the host; nothing where it fails. */
  async ask(argv: readonly string[]): Promise<string> {
    try {
      const { exitCode, stdout } = await this.host.exec(argv, {}, this.signal);
      return exitCode === 0 ? stdout : '';
    } catch (error) {
      if (hasCode(error, 'NOT_FOUND', 'DENIED')) return '';
      throw error;
    }
  }
}

/** How a resource's scheduler is asked from its host. */
export type OpenCluster = (resource: ComputingResource, host: Host, signal: AbortSignal) => Cluster;
