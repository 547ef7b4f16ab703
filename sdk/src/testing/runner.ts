/**
 * The four words of a test runner that the conformance kits need. Hand in mocha's, `node:test`'s or any other's:
 * the kits import none.
 * @example describeContainerEngine({ describe, it, before, after }, subject);
 */
export interface Runner {
  /** Groups tests. */
  describe(title: string, body: () => void): void;
  /** One test; it fails when `body` throws or rejects. */
  it(title: string, body: () => void | Promise<unknown>): void;
  /** Runs once before the tests of the group. */
  before(body: () => void | Promise<unknown>): void;
  /** Runs once after the tests of the group, also when some failed. */
  after(body: () => void | Promise<unknown>): void;
}
