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

  it('keeps what comes until somebody listens', async () => {
    await using ends = await connected();
    const { carrier, far } = ends;
    await new Promise((resolve) => far.write('SSH-2.0-early', resolve));
    await new Promise((resolve) => setTimeout(resolve, 20));
    carrier.resume();
    assert.equal(String((await once(carrier, 'data'))[0]), 'SSH-2.0-early');
  });

  it('gives back what was lent to it once it is written, and nothing else', async () => {
    await using ends = await connected();
    const { carrier } = ends;
    const [own, other] = [Buffer.from('own'), Buffer.from('other')];
    const back: Buffer[] = [];
    carrier.lender = { owns: (chunk): chunk is Buffer => chunk === own, giveBack: (chunk) => back.push(chunk) };
    carrier.write(own);
    carrier.write(other);
    assert.deepEqual(back, []);
    await new Promise((resolve) => carrier.write('end', resolve));
    assert.deepEqual(back, [own]);
  });

  it('gives nothing back that may still be looked at', async () => {
    await using ends = await connected();
    const { carrier } = ends;
    const back: Buffer[] = [];
    carrier.lender = {
      owns: (chunk): chunk is Buffer => Buffer.isBuffer(chunk),
      giveBack: (chunk) => back.push(chunk),
    };
    carrier.write(Buffer.from('never sent'));
    carrier.destroy();
    await once(carrier, 'close');
    assert.deepEqual(back, []);
  });
});
