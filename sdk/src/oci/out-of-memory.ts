import type { Host } from '../access.ts';
import type { ContainerState } from '../engine.ts';
import { hasCode } from '../errors.ts';
import type { ContainerFacts } from './container-facts.ts';

type Ended = Extract<ContainerState, { phase: 'ended' }>;

/** Whether a container may have been ended for want of memory although its engine doesn't say so. */
export function isSuspect(facts: ContainerFacts): facts is ContainerFacts & { readonly state: Ended } {
  return facts.state.phase === 'ended' && facts.state.exitCode === 137 && !facts.state.outOfMemory && facts.memory > 0;
}

/** Adds to a suspect's state what the kernel's log tells. Pure. */
export function judge(facts: ContainerFacts & { readonly state: Ended }, kernelLog: string): Ended {
  if (killedForMemory(facts.id, kernelLog)) return { ...facts.state, outOfMemory: true };
  const hint = `It was ended by signal 9 (KILL), as happens at the memory limit, which was ${facts.memory} bytes.`;
  return { ...facts.state, error: facts.state.error ?? hint };
}

/** Whether the kernel says that the memory limit of this container's control group made it kill. */
function killedForMemory(id: string, kernelLog: string): boolean {
  return kernelLog.split('\n').some((line) => line.includes('oom-kill:') && memoryGroup(line).includes(id));
}

function memoryGroup(line: string): string {
  return /\boom_memcg=([^,\s]+)/.exec(line)?.[1] ?? '';
}

/** The kernel's log, or nothing where this identity may not read it: then there is no evidence. */
export async function readKernelLog(host: Host, signal: AbortSignal): Promise<string> {
  try {
    const { exitCode, stdout } = await host.exec(['dmesg'], {}, signal);
    return exitCode === 0 ? stdout : '';
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND', 'DENIED', 'UNSUPPORTED')) return '';
    throw error;
  }
}
