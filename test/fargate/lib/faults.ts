import { AwsError } from './aws-error.ts';

/** What goes wrong with a request. */
export type Fault =
  | { readonly kind: 'error'; readonly error: AwsError }
  /** The connection breaks before the request is read, or after it was done and before it is answered. */
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' }
  /** As what stands before AWS answers. */
  | { readonly kind: 'html'; readonly status: number }
  | { readonly kind: 'slow'; readonly milliseconds: number };

/** Faults by operation, each for a number of requests. */
export class Faults {
  readonly #waiting = new Map<string, Fault[]>();

  add(operation: string, fault: Fault, times = 1): void {
    const list = this.#waiting.get(operation) ?? [];
    list.push(...Array.from({ length: times }, () => fault));
    this.#waiting.set(operation, list);
  }

  throttle(operation: string, times = 1): void {
    const error = new AwsError('ThrottlingException', 'Rate exceeded');
    this.add(operation, { kind: 'error', error }, times);
  }

  deny(operation: string, times = 1): void {
    const message = `User: arn:aws:iam::123456789012:user/bed is not authorized to perform: ecs:${operation} on resource: *`;
    this.add(operation, { kind: 'error', error: new AwsError('AccessDeniedException', message) }, times);
  }

  /** The one that a request meets. */
  take(operation: string): Fault | undefined {
    return this.#waiting.get(operation)?.shift();
  }

  clear(): void {
    this.#waiting.clear();
  }
}
