/** Runs one job after the other, in the order they came. A failed job fails for its caller alone. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#last.then(job);
    // The caller has `result`; the chain only needs to know that the job is over.
    this.#last = result.catch(() => undefined);
    return result;
  }
}
