import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rejectsWith, settlesWithin } from '../expect.ts';
import { bytesOf, never } from '../files/content.ts';
import type { Runner } from '../runner.ts';
import { type AccessMethodSubject, withHost } from './subject.ts';

export function describeDial({ describe, it }: Runner, subject: AccessMethodSubject): void {
  describe('dial', () => {
    for (const kind of ['tcp', 'socket'] as const) {
      it(`carries bytes both ways (${kind})`, () =>
        withHost(subject, async (host) => {
          await using listener = await subject.listen(kind);
          const stream = await host.dial(listener.address, never);
          const bytes = Buffer.alloc(500_000, 'abcdefghij');
          const answer = bytesOf(stream);
          stream.end(bytes);
          assert((await settlesWithin(5_000, 'an echo', answer)).equals(bytes), 'all bytes must come back');
        }));
    }

    it('closes', () =>
      withHost(subject, async (host) => {
        await using listener = await subject.listen('tcp');
        const stream = await host.dial(listener.address, never);
        stream.destroy();
        await once(stream, 'close');
      }));

    it('says UNREACHABLE where nothing listens', () =>
      withHost(subject, async (host) => {
        await rejectsWith('UNREACHABLE', host.dial({ host: '127.0.0.1', port: 1 }, never));
        await rejectsWith('UNREACHABLE', host.dial({ socket: `${subject.folder}/no-socket` }, never));
        await rejectsWith('UNREACHABLE', host.dial({ host: '127.0.0.1', port: 1 }, AbortSignal.abort()));
      }));

    it('refuses what is no address', () =>
      withHost(subject, async (host) => {
        for (const port of [0, -1, 65_536, 1.5]) {
          await rejectsWith('INVALID', host.dial({ host: '127.0.0.1', port }, never), 'port');
        }
        await rejectsWith('INVALID', host.dial({ host: '', port: 80 }, never), 'host');
        await rejectsWith('INVALID', host.dial({ socket: 'relative' }, never), 'socket');
      }));
  });
}
