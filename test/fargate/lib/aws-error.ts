import type { ErrorBody } from './model.ts';

/** An error as AWS tells it. */
export class AwsError extends Error {
  readonly kind: string;
  readonly status: number;
  readonly more: Omit<ErrorBody, '__type' | 'message'>;

  constructor(kind: string, message: string, status = 400, more: Omit<ErrorBody, '__type' | 'message'> = {}) {
    super(message);
    this.kind = kind;
    this.status = status;
    this.more = more;
  }
}
