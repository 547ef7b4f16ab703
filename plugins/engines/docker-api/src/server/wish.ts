import { type ContainerSpec, SteleError } from '@stele/sdk';
import { formatImage } from '@stele/sdk';
import type { Traits } from './flavours/flavour.ts';

/**
 * Refuses what this engine can't do on this host. Pure.
 * @throws INVALID, UNSUPPORTED, with the field below {@link ContainerSpec}
 */
export function checkWish(spec: ContainerSpec, traits: Traits): void {
  formatImage(spec.image);
  if (spec.gpus === true) throw unsupported('gpus', 'GPUs are given to containers of jobs only.');
  if (spec.runtime !== undefined && traits.runtimes !== undefined && !traits.runtimes.includes(spec.runtime)) {
    const message = `Podman’s service runs containers with ${traits.runtimes.join(', ')} alone: its configuration says so.`;
    throw new SteleError('INVALID', message, { field: 'engine.runtime' });
  }
  if (!traits.limits && (spec.memory ?? spec.cpus) !== undefined) {
    const field = spec.memory === undefined ? 'cpus' : 'memory';
    throw unsupported(field, 'This host can’t enforce memory or CPU limits on containers.');
  }
}

/** What people may see of it: names of the environment, and no value. Pure. */
export function hidden(spec: ContainerSpec): ContainerSpec {
  return { ...spec, env: Object.fromEntries(Object.keys(spec.env).map((name) => [name, '…'])) };
}

function unsupported(field: string, message: string): SteleError {
  return new SteleError('UNSUPPORTED', message, { field });
}
