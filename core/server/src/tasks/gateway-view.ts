import type { InterfaceProtocol, Registry } from '@stele/sdk';
import type { GatewayTask, TaskDirectory, TunnelDirectory } from '../gateway/index.ts';
import type { TaskIndex } from './task-index.ts';
import type { Tasks } from './tasks.ts';

/** The tasks as the gateway sees them: those whose interface is carried on the web. */
export function taskDirectory(index: TaskIndex, tasks: Tasks, protocols: Registry<InterfaceProtocol>): TaskDirectory {
  return {
    find: (key) => gatewayTask(index, protocols, key),
    reach: (key, signal) => tasks.reach(key, signal),
    authorization: (key) => tasks.authorization(key),
    onChange: (listener) => index.onChange(listener),
  };
}

/** The tasks whose interface is reached by a listener of its own. */
export function tunnelDirectory(index: TaskIndex, tasks: Tasks): TunnelDirectory {
  return {
    find: (key) => {
      const task = index.get(key);
      if (task?.exposure !== 'tunnelled') return undefined;
      const { id, name, phase, outcome, reason } = task;
      return { id, key, name, phase, outcome, reason };
    },
    reach: (key, signal) => tasks.reach(key, signal),
    onChange: (listener) => index.onChange(listener),
  };
}

function gatewayTask(index: TaskIndex, protocols: Registry<InterfaceProtocol>, key: string): GatewayTask | undefined {
  const task = index.get(key);
  if (!task || task.exposure === 'tunnelled') return undefined;
  const { id, name, phase, outcome, reason, ready } = task;
  return {
    id,
    key,
    name,
    phase,
    outcome,
    reason,
    isReady: ready,
    scheme: protocols.get(task.protocol)?.scheme ?? 'http',
  };
}
