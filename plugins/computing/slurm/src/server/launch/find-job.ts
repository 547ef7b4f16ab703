import { hasCode } from '@stele/sdk';
import type { Cluster } from '../cluster.ts';
import { failure, hasNoAccounting, hidesFailure } from '../failures.ts';
import { jobName } from '../grammar.ts';
import { accountingQuestions, parseAccounting } from '../observe/accounting.ts';
import { type Job, parseQueue, queueQuestion } from '../observe/queue.ts';

/** The number of a task's job: from the controller, else from accounting, else from the task's own folder. */
export async function findJob(cluster: Cluster, folder: string | undefined, key: string): Promise<string | undefined> {
  const queued = first(parseQueue(await cluster.run(queueQuestion([jobName(key)], cluster.host.user))));
  if (queued !== undefined) return queued;
  const booked = first(await fromAccounting(cluster, key));
  if (booked !== undefined || folder === undefined) return booked;
  const written = (await cluster.ask(['cat', '--', `${folder}/job`])).trim();
  return /^[1-9]\d{0,9}$/.test(written) ? written : undefined;
}

function first(jobs: readonly Job[]): string | undefined {
  return [...jobs].sort((one, other) => Number(one.id) - Number(other.id))[0]?.id;
}

async function fromAccounting(cluster: Cluster, key: string): Promise<readonly Job[]> {
  try {
    const [question = []] = accountingQuestions([{ name: jobName(key) }], cluster.host.user);
    const answer = await cluster.try(question);
    if (hasNoAccounting(answer)) return [];
    if (answer.exitCode !== 0 || hidesFailure(answer)) throw failure('sacct', answer);
    return parseAccounting(answer.stdout);
  } catch (error) {
    if (hasCode(error, 'UNSUPPORTED')) return [];
    throw error;
  }
}
