import assert from 'node:assert/strict';
import type { Duplex } from 'node:stream';
import type { InterfaceProtocol, ProbeResult } from '../../protocol.ts';
import { unlessAborted } from '../../unless-aborted.ts';
import { collect, failures } from '../collect.ts';
import type { Runner } from '../runner.ts';
import { inTime } from '../time.ts';
import { describeInterfaceProtocol, type InterfaceProtocolSubject } from './index.ts';

type Fault =
  | 'throws where nobody listens'
  | 'waits for ever'
  | 'takes nonsense for an answer'
  | 'leaves connections open'
  | 'reads without end'
  | 'stays when its caller goes'
  | 'says no reason'
  | 'shows a stack'
  | 'never finds anything ready'
  | 'has no scheme';

const caught: Record<Fault, RegExp> = {
  'throws where nobody listens': /nobody listens/,
  'waits for ever': /is silent not ready/,
  'takes nonsense for an answer': /talks nonsense/,
  'leaves connections open': /finds a greeting ready/,
  'reads without end': /pours without end/,
  'stays when its caller goes': /ends with its caller/,
  'says no reason': /closes at once/,
  'shows a stack': /nobody listens/,
  'never finds anything ready': /finds a greeting ready/,
  'has no scheme': /what the platform needs to know/,
};

/** A protocol in which the task says `HELLO` first. */
class Greeting implements InterfaceProtocol {
  readonly title = 'Greeting';
  readonly exposure = 'proxied';
  readonly transports = ['tcp'] as const;
  readonly scheme?: 'http';
  readonly needsPowerUser = false;
  readonly #fault: Fault | undefined;

  constructor(fault?: Fault) {
    this.#fault = fault;
    if (fault !== 'has no scheme') this.scheme = 'http';
  }

  async probe(dial: (signal: AbortSignal) => Promise<Duplex>, signal: AbortSignal): Promise<ProbeResult> {
    const limit = inTime(this.#fault === 'waits for ever' ? 60_000 : 1_000);
    const until = this.#fault === 'stays when its caller goes' ? inTime(3_000) : AbortSignal.any([signal, limit]);
    try {
      const text = await unlessAborted(this.#ask(dial, until), until);
      if (this.#fault === 'never finds anything ready') return { isReady: false, reason: 'No.' };
      const isReady = text.startsWith('HELLO') || (this.#fault === 'takes nonsense for an answer' && text !== '');
      return isReady ? { isReady } : this.#unready('It says no hello.');
    } catch (error) {
      if (this.#fault === 'throws where nobody listens') throw error;
      return this.#unready(this.#fault === 'shows a stack' ? `${(error as Error).stack}` : 'Nothing answers.');
    }
  }

  #unready(reason: string): ProbeResult {
    return this.#fault === 'says no reason' ? { isReady: false } : { isReady: false, reason };
  }

  async #ask(dial: (signal: AbortSignal) => Promise<Duplex>, until: AbortSignal): Promise<string> {
    const connection = await dial(until);
    const close = () => connection.destroy();
    until.addEventListener('abort', close, { once: true });
    const enough = this.#fault === 'reads without end' ? 64 * 1024 * 1024 : 5;
    let text = '';
    try {
      for await (const chunk of connection.iterator({ destroyOnReturn: false })) {
        text += String(chunk);
        if (text.length >= enough) break;
      }
      return text;
    } finally {
      if (this.#fault !== 'leaves connections open') connection.destroy();
    }
  }
}

function subject(fault?: Fault): InterfaceProtocolSubject {
  return {
    protocol: new Greeting(fault),
    ready: [{ what: 'a greeting', serve: (socket) => socket.write('HELLO\n') }],
    unready: [{ what: 'a farewell', serve: (socket) => socket.write('GOODBYE\n') }],
  };
}

describe('kit of interface protocols', function () {
  this.timeout(30_000);

  it('finds nothing wrong with a protocol that keeps the contract', async () => {
    const results = await collect((runner) => describeInterfaceProtocol(runner, subject()));
    assert(results.length >= 12, `${results.length} tests`);
    assert.deepEqual(failures(results), []);
  });

  for (const [fault, test] of Object.entries(caught)) {
    it(`catches a protocol that ${fault}`, async () => {
      const kit = (runner: Runner) => describeInterfaceProtocol(runner, subject(fault as Fault));
      assert.notDeepEqual(failures(await collect(kit, { only: test })), []);
    });
  }
});
