/** How long what takes. Tests have less patience. All in milliseconds. */
export interface Timing {
  /** That a submission waits to hear whether a new image can be fetched. */
  readonly image: number;
  /** Between two questions. */
  readonly poll: number;
  /** After which ECS should know of a task that it has made itself. */
  readonly consistency: number;
  /** That the last lines of a task take to come to CloudWatch. */
  readonly lag: number;
}

export const timing: Timing = { image: 60_000, poll: 2_000, consistency: 300_000, lag: 5_000 };
