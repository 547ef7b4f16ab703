import {
  type CloudWatchLogsClient,
  DeleteLogStreamCommand,
  DescribeLogGroupsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogPage, LogQuery } from './cloud.ts';
import { type Failure, failureOf, type Place } from './failures.ts';

/** One log group of CloudWatch. */
export class CloudWatch {
  readonly #client: CloudWatchLogsClient;
  readonly #group: string;
  readonly #place: Place;

  constructor(client: CloudWatchLogsClient, group: string, place: Place) {
    this.#client = client;
    this.#group = group;
    this.#place = place;
  }

  async hasLogGroup(abortSignal: AbortSignal): Promise<boolean> {
    try {
      // The shortest of those that begin so comes first, and that is the group itself.
      const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: this.#group, limit: 1 });
      const { logGroups = [] } = await this.#client.send(command, { abortSignal });
      return logGroups[0]?.logGroupName === this.#group;
    } catch (error) {
      throw failureOf(error, this.#place);
    }
  }

  async events({ stream, direction, token, limit }: LogQuery, abortSignal: AbortSignal): Promise<LogPage | undefined> {
    try {
      const command = new GetLogEventsCommand({
        logGroupName: this.#group,
        logStreamName: stream,
        startFromHead: direction === 'forward',
        ...(token === undefined ? {} : { nextToken: token }),
        ...(limit === undefined ? {} : { limit }),
      });
      const answer = await this.#client.send(command, { abortSignal });
      return {
        lines: (answer.events ?? []).map(({ message }) => message ?? ''),
        forward: answer.nextForwardToken ?? '',
        backward: answer.nextBackwardToken ?? '',
      };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw failureOf(error, this.#place);
    }
  }

  async removeStream(stream: string, abortSignal: AbortSignal): Promise<void> {
    try {
      const command = new DeleteLogStreamCommand({ logGroupName: this.#group, logStreamName: stream });
      await this.#client.send(command, { abortSignal });
    } catch (error) {
      if (!isMissing(error)) throw failureOf(error, this.#place);
    }
  }
}

function isMissing(error: unknown): boolean {
  return ((error ?? {}) as Failure).name === 'ResourceNotFoundException';
}
