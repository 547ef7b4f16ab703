import assert from 'node:assert/strict';
import { settlesWithin } from '../expect.ts';
import { never } from '../files/content.ts';
import type { Runner } from '../runner.ts';
import { type InterfaceProtocolSubject, probePeer } from './subject.ts';

/** How long a probe may take; whoever waits for a task asks again soon. */
export const patience = 10_000;

export function describeVerdicts({ describe, it }: Runner, subject: InterfaceProtocolSubject): void {
  const { protocol } = subject;
  describe('verdicts', () => {
    for (const { what, serve } of subject.ready) {
      it(`finds ${what} ready`, async () => {
        const { result, leftOpen } = await probePeer(protocol, serve, never);
        assert.deepEqual(result, { isReady: true });
        assert.equal(leftOpen, 0, 'the probe must close what it opened');
      });
    }

    for (const { what, serve } of subject.unready) {
      it(`finds ${what} not ready`, async () => {
        const { result } = await settlesWithin(patience, 'a probe', probePeer(protocol, serve, never));
        assert.equal(result.isReady, false);
        assert((result.reason ?? '').length > 0, 'it must say why');
      });
    }

    it('says the same twice', async () => {
      for (const { serve } of subject.ready.slice(0, 1)) {
        for (let round = 0; round < 2; round += 1) {
          assert.equal((await probePeer(protocol, serve, never)).result.isReady, true);
        }
      }
    });
  });
}
