import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { SteleError } from '../../errors.ts';
import type { ProbeResult } from '../../protocol.ts';
import { settlesWithin } from '../expect.ts';
import { never } from '../files/content.ts';
import type { Runner } from '../runner.ts';
import { type InterfaceProtocolSubject, probePeer } from './subject.ts';
import { patience } from './verdicts.ts';

const readLimit = 4 * 1024 * 1024;

type Stranger = readonly [what: string, serve: (socket: Socket) => void];

/** Peers that are not there. */
const absent: readonly Stranger[] = [
  ['closes at once', (socket) => socket.end()],
  ['resets the connection', (socket) => socket.resetAndDestroy()],
];

/** Peers that speak no protocol at all. */
const strangers: readonly Stranger[] = [
  ['is silent', () => undefined],
  ['talks nonsense', (socket) => socket.end('\u0000\u0001 nonsense \u00ff\r\n\r\n')],
  ['closes in the middle of a line', (socket) => socket.once('data', () => socket.end('H'))],
  ['pours without end', pour],
];

function pour(socket: Socket): void {
  const more = () => {
    while (!socket.destroyed && socket.write(Buffer.alloc(65_536, 'x')));
  };
  socket.on('drain', more);
  more();
}

export function describeManners({ describe, it }: Runner, subject: InterfaceProtocolSubject): void {
  const { protocol } = subject;
  describe('manners', () => {
    it('says what the platform needs to know', () => {
      assert(protocol.title.length > 0, 'a title for people');
      assert(protocol.transports.length > 0, 'at least one transport');
      assert(protocol.exposure === 'proxied' || protocol.exposure === 'tunnelled');
      if (protocol.exposure === 'proxied') assert(protocol.scheme !== undefined, 'what is proxied has a scheme');
    });

    it('doesn’t throw where nobody listens', async () => {
      for (const error of [new SteleError('UNREACHABLE', 'Nothing listens.'), new Error('connect ECONNREFUSED')]) {
        isUnready(
          await settlesWithin(
            patience,
            'a probe',
            protocol.probe(() => Promise.reject(error), never),
          ),
        );
      }
    });

    it('doesn’t wait for ever for a connection', async () => {
      const hang = () => new Promise<never>(() => undefined);
      isUnready(await settlesWithin(patience, 'a probe', protocol.probe(hang, never)));
    });

    for (const [what, serve] of subject.takesStrangers === true ? absent : [...absent, ...strangers]) {
      it(`finds what ${what} not ready, and leaves nothing open`, async () => {
        const work = probePeer(protocol, serve, never);
        const { result, leftOpen, bytesRead } = await settlesWithin(patience, 'a probe', work);
        isUnready(result);
        assert(bytesRead < readLimit, `a probe reads a little, not ${bytesRead} bytes`);
        assert.equal(leftOpen, 0, 'the probe must close what it opened');
      });
    }

    it('ends with its caller', async () => {
      const work = probePeer(protocol, () => undefined, AbortSignal.timeout(100));
      const { result, leftOpen } = await settlesWithin(1_500, 'a probe that is given up', work);
      isUnready(result);
      assert.equal(leftOpen, 0, 'the probe must close what it opened');
    });
  });
}

function isUnready(result: ProbeResult): void {
  assert.equal(result.isReady, false);
  assert((result.reason ?? '').length > 0, 'it must say why');
  assert(!/\n|\s at /u.test(result.reason ?? ''), 'a reason is a sentence, not a stack');
}
