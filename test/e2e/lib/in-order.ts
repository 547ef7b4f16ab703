/** For a suite whose tests are the steps of one story: after a step that failed, the others have nothing to stand on. */
export function inOrder(): void {
  beforeEach(function () {
    if (this.currentTest?.parent?.tests.some(({ state }) => state === 'failed')) this.skip();
  });
}
