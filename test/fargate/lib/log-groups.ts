import { AwsError } from './aws-error.ts';

interface Line {
  readonly timestamp: number;
  readonly message: string;
  readonly visibleAt: number;
}

interface GetLogEvents {
  readonly logStreamName: string;
  readonly startFromHead?: boolean;
  readonly nextToken?: string;
  readonly limit?: number;
}

/** One log group of CloudWatch. */
export class LogGroup {
  readonly name: string;
  /** Lines of a page at most. */
  pageSize = 10_000;
  /** Milliseconds until a line is shown. */
  lag = 0;
  /** Whether an empty page comes before each that isn’t. */
  hasEmptyPages = false;
  readonly #streams = new Map<string, Line[]>();

  constructor(name: string) {
    this.name = name;
  }

  /** As the driver of logs does when a container starts. */
  create(stream: string): void {
    this.#streams.set(stream, []);
  }

  write(stream: string, message: string): void {
    const timestamp = Date.now();
    this.#streams.get(stream)?.push({ timestamp, message, visibleAt: timestamp + this.lag });
  }

  get streams(): readonly string[] {
    return [...this.#streams.keys()];
  }

  handle(operation: string, request: unknown): unknown {
    switch (operation) {
      case 'DescribeLogGroups':
        return this.#describe(request as { logGroupNamePrefix?: string });
      case 'GetLogEvents':
        return this.#events(request as GetLogEvents);
      case 'DeleteLogStream':
        return this.#delete(request as { logStreamName: string });
      default:
        throw new AwsError('UnknownOperationException', operation);
    }
  }

  #describe({ logGroupNamePrefix = '' }: { logGroupNamePrefix?: string }): unknown {
    const isAsked = this.name.startsWith(logGroupNamePrefix);
    return { logGroups: isAsked ? [{ logGroupName: this.name, storedBytes: 0, metricFilterCount: 0 }] : [] };
  }

  #delete({ logStreamName }: { logStreamName: string }): unknown {
    if (!this.#streams.delete(logStreamName)) throw noStream();
    return {};
  }

  #events({ logStreamName, startFromHead = false, nextToken, limit = 10_000 }: GetLogEvents): unknown {
    const all = this.#streams.get(logStreamName);
    if (all === undefined) throw noStream();
    const lines = all.filter(({ visibleAt }) => visibleAt <= Date.now());
    const [side = startFromHead ? 'f' : 'b', at = startFromHead ? 0 : lines.length, was] = readToken(nextToken);
    const size = Math.min(limit, this.pageSize);
    const [from, to] = side === 'f' ? [at, Math.min(at + size, lines.length)] : [Math.max(0, at - size), at];
    if (this.hasEmptyPages && was !== 'empty' && to > from) {
      const again = `${side}/${at}/empty`;
      return side === 'f' ? page([], again, `b/${at}`) : page([], `f/${at}`, again);
    }
    return page(lines.slice(from, to), `f/${to}`, `b/${from}`);
  }
}

function readToken(token: string | undefined): [side?: string, at?: number, was?: string] {
  if (token === undefined) return [];
  const [side, at, was] = token.split('/');
  if ((side !== 'f' && side !== 'b') || at === undefined) {
    throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
  }
  return [side, Number(at), was];
}

function page(lines: readonly Line[], nextForwardToken: string, nextBackwardToken: string): unknown {
  const events = lines.map(({ timestamp, message }) => ({ timestamp, message, ingestionTime: timestamp }));
  return { events, nextForwardToken, nextBackwardToken };
}

function noStream(): AwsError {
  return new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
}
