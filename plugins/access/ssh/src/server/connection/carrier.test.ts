import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Carrier } from './carrier.ts';

describe('the connection below SSH', () => {
  /** A carrier, and what it leads to. */
  async function connected(): Promise<{ carrier: Carrier; far: Socket } & AsyncDisposable> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const carrier = Carrier.to('127.0.0.1', (server.address() as AddressInfo).port);
    const [[far]] = (await Promise.all([once(server, 'connection'), once(carrier, 'connect')])) as [[Socket], unknown];
    const close = async () => {
      carrier.destroy();
      far.destroy();
      server.close();
      await once(server, 'close');
    };
    return { carrier, far, [Symbol.asyncDispose]: close };
  }

  it('sends in one go what is written in one go', async () => {
    await using ends = await connected();
    const { carrier, far } = ends;
    for (const word of ['one ', 'two ', 'three']) carrier.write(word);
    assert.equal(carrier.writableCorked, 1, 'held until everything is there');
    const [said] = (await once(far, 'data')) as [Buffer];
    assert.equal(said.toString(), 'one two three');
    assert.equal(carrier.writableCorked, 0);
  });
});
