import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { hasCode } from '@stele/sdk';
import type { ClientChannel } from 'ssh2';
import type { Link } from '../connection/link.ts';
import { readFolder } from '../files/folder.ts';
import { ReadAhead } from '../files/read-ahead.ts';
import { SftpSession } from './session.ts';
import { encode, packet } from './wire.ts';

/** A server that a user has set up for us, and that answers what it likes. */
class HostileServer extends EventEmitter {
  readonly stderr = { resume: () => undefined };
  isClosed = false;
  readonly #answer: (type: number, id: number) => Buffer | undefined;

  constructor(answer: (type: number, id: number) => Buffer | undefined) {
    super();
    this.#answer = answer;
  }

  write(bytes: Buffer): boolean {
    const answer = this.#answer(bytes[4] ?? 0, bytes.readUInt32BE(5));
    if (answer) setImmediate(() => this.say(answer));
    return true;
  }

  say(bytes: Buffer): void {
    this.emit('data', bytes);
  }

  end(): void {
    this.isClosed = true;
  }

  close(): void {
    this.isClosed = true;
  }

  session(): SftpSession {
    const link = { onLost: () => () => undefined } as unknown as Link;
    return new SftpSession(this as unknown as ClientChannel, link, 'mallory@evil', () => undefined);
  }
}

const welcome = (...extensions: string[]): Buffer =>
  encode(
    packet.version,
    3,
    [...extensions, ...extensions].sort().map((bytes) => ({ bytes })),
  );

describe('a hostile SFTP server', () => {
  it('can’t list a folder without end', async function () {
    this.timeout(60_000);
    const entry = [{ bytes: 'n'.repeat(200) }, { bytes: '' }, { attributes: {} }];
    const rows = Array.from({ length: 4_000 }, () => entry).flat();
    const page = encode(packet.name, 0, [{ u32: 4_000 }, ...rows]);
    const server = new HostileServer((type, id) => {
      if (type === packet.init) return welcome();
      if (type === packet.opendir) return encode(packet.handle, id, [{ bytes: 'h' }]);
      if (type === packet.close) return encode(packet.status, id, [{ u32: 0 }]);
      const answer = Buffer.from(page);
      answer.writeUInt32BE(id, 5);
      return answer;
    });
    const session = server.session();
    await session.begin();
    await assert.rejects(readFolder(session, Buffer.from('/')), (error) => hasCode(error, 'LIMIT'));
  });

  it('can’t list what is no name', async () => {
    const names = ['..', '', '../../.ssh', 'a/b', '/etc', 'a\0b', 'good', '...', '.x'];
    const rows = names.flatMap((bytes) => [{ bytes }, { bytes: '' }, { attributes: {} }]);
    const server = new HostileServer((type, id) =>
      type === packet.init ? welcome() : encode(packet.name, id, [{ u32: names.length }, ...rows]),
    );
    const session = server.session();
    await session.begin();
    const listed = await session.readFolder(Buffer.from('h'));
    assert.deepEqual(
      listed?.map(({ name }) => String(name)),
      ['good', '...', '.x'],
    );
  });

  it('can’t give more of a file than it was asked for', async () => {
    const server = new HostileServer((type, id) =>
      type === packet.init ? welcome() : encode(packet.data, id, [{ bytes: 'hello, and more' }]),
    );
    const session = server.session();
    await session.begin();
    const source = new ReadAhead(session, Buffer.from('h'), { start: 0, end: 4 });
    await assert.rejects(source.next(), (error) => hasCode(error, 'PROTOCOL'));
  });

  it('can’t tell of more and more extensions', async () => {
    const server = new HostileServer((type) => (type === packet.init ? welcome('one@x') : undefined));
    const session = server.session();
    await session.begin();
    server.say(welcome('two@x'));
    assert.deepEqual([session.has('one@x'), session.has('two@x'), session.isOpen], [true, false, false]);
    assert(server.isClosed);
  });
});
