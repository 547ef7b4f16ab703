import type { ContainerState } from '../engine.ts';
import type { Cli } from './cli.ts';
import { type InspectAnswer, parseContainers } from './inspect.ts';
import { isSuspect, judge, readKernelLog } from '../oci/out-of-memory.ts';

/** Names a command: far below what the system lets a command line hold. */
const batch = 500;

/**
 * State of each named container, in one command (for each 500).
 * @throws PROTOCOL when the answer doesn't speak of a name: silence is not absence
 */
export async function inspect(
  cli: Cli,
  names: readonly string[],
  limit: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ContainerState>> {
  const states = new Map<string, ContainerState>();
  for (let from = 0; from < names.length; from += batch) {
    const part = names.slice(from, from + batch);
    const answer = await ask(cli, part, limit, signal);
    const log = await evidence(cli, answer, signal);
    for (const name of part) states.set(name, stateOf(name, answer, log));
  }
  return states;
}

async function ask(cli: Cli, names: readonly string[], limit: number, signal: AbortSignal): Promise<InspectAnswer> {
  const args = ['inspect', '--type', 'container', '--format', cli.dialect.inspectFormat, ...names];
  const doing = 'look at containers';
  const result = await cli.run({ arguments: args, doing, limit }, signal);
  const answer = parseContainers(names, result.stdout, result.stderr);
  if (answer === undefined) throw cli.failure(result, doing);
  return answer;
}

function evidence(cli: Cli, answer: InspectAnswer, signal: AbortSignal): Promise<string> | string {
  if (cli.dialect.knowsOutOfMemory) return '';
  return [...answer.found.values()].some(isSuspect) ? readKernelLog(cli.host, signal) : '';
}

function stateOf(name: string, answer: InspectAnswer, kernelLog: string): ContainerState {
  const facts = answer.found.get(name);
  if (facts === undefined) return { phase: 'absent' };
  return isSuspect(facts) ? judge(facts, kernelLog) : facts.state;
}
