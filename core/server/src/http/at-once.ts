/** Counts what each user has open at once, and takes no more than there may be. */
export class AtOnce {
  readonly #most: number;
  readonly #open = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** A place, to be given back; none while the user has as many as there may be. */
  take(user: string): Disposable | undefined {
    const open = this.#open.get(user) ?? 0;
    if (open >= this.#most) return undefined;
    this.#open.set(user, open + 1);
    const stack = new DisposableStack();
    stack.defer(() => this.#giveBack(user));
    return stack;
  }

  #giveBack(user: string): void {
    const left = (this.#open.get(user) ?? 0) - 1;
    if (left > 0) this.#open.set(user, left);
    else this.#open.delete(user);
  }
}
