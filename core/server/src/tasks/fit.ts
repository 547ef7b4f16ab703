import type { Architecture, ComputingDescription } from '@stele/sdk';

/** Whether a software can run on a resource, and what to know about it. */
export interface Fit {
  readonly fits: boolean;
  readonly reason?: string;
}

/** C14: native, supported by emulation, or refused before anything is submitted. */
export function fit(
  wanted: Architecture | null | undefined,
  { architectures, emulated, engines }: Pick<ComputingDescription, 'architectures' | 'emulated' | 'engines'>,
): Fit {
  if (engines.length === 0) return { fits: false, reason: 'There is no container engine on this resource.' };
  if (!wanted || architectures.includes(wanted)) return { fits: true };
  if (emulated.includes(wanted)) return { fits: true, reason: `${wanted} is emulated here, and slow.` };
  return { fits: false, reason: `The image is for ${wanted}; this resource runs ${architectures.join(', ')}.` };
}
