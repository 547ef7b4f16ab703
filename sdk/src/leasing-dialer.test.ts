import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { Host } from './access.ts';
import { LeasingDialer } from './leasing-dialer.ts';
import { silentLog } from './testing/call.ts';

describe('a dialer that leases its host', () => {
  const address = { host: '127.0.0.1', port: 80 };
  const { signal } = new AbortController();

  function scene(dial: () => Promise<PassThrough>) {
    const seen = { given: 0, back: 0 };
    const open = async (): Promise<Host> => {
      seen.given += 1;
      const back = async (): Promise<void> => void (seen.back += 1);
      return { dial, [Symbol.asyncDispose]: back } as Partial<Host> as Host;
    };
    return { seen, dialer: new LeasingDialer({ open, isDirect: true, log: silentLog }) };
  }

  it('gives it back when the connection closes, not before', async () => {
    const { seen, dialer } = scene(async () => new PassThrough());
    const [one, other] = await Promise.all([dialer.dial(address, signal), dialer.dial(address, signal)]);
    assert.deepEqual([seen, dialer.isDirect], [{ given: 2, back: 0 }, true]);
    one.destroy();
    await turn();
    assert.equal(seen.back, 1);
    other.destroy();
    await turn();
    assert.equal(seen.back, 2);
  });

  it('gives it back at once where nothing came of it', async () => {
    const { seen, dialer } = scene(() => Promise.reject(new Error('no')));
    await assert.rejects(dialer.dial(address, signal), /no/);
    assert.deepEqual(seen, { given: 1, back: 1 });
  });
});
