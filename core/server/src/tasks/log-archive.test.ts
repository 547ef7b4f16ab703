import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { hasCode, type LogOptions } from '@stele/sdk';
import { LogArchive, lastLines } from './log-archive.ts';

describe('lastLines', () => {
  for (const [text, count, expected] of [
    ['a\nb\nc\n', 1, 'c\n'],
    ['a\nb\nc\n', 2, 'b\nc\n'],
    ['a\nb\nc', 1, 'c'],
    ['a\nb\nc', 9, 'a\nb\nc'],
    ['\n\n', 1, '\n'],
    ['', 3, ''],
    ['a\n', 0, ''],
  ] as const) {
    it(`takes ${count} of ${JSON.stringify(text)}`, () => {
      assert.equal(Buffer.from(lastLines(Buffer.from(text), count)).toString(), expected);
    });
  }
});

describe('the log archive', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stele-logs-'));
  const archive = new LogArchive(folder, 10);
  after(() => rmSync(folder, { recursive: true }));
  const read = async (key: string, options: LogOptions = {}): Promise<string> =>
    Buffer.concat(await Array.fromAsync(archive.read(key, options))).toString();

  it('keeps a log', async () => {
    await archive.store('a', Readable.from([Buffer.from('one\n'), Buffer.from('two\n')]));
    assert.equal(await archive.has('a'), true);
    assert.equal(await read('a'), 'one\ntwo\n');
    assert.equal(await read('a', { tail: 1 }), 'two\n');
  });

  it('keeps the end of a log that is too long', async () => {
    await archive.store('b', Readable.from([Buffer.from('0123456'), Buffer.from('789ab'), Buffer.from('c')]));
    assert.equal(await read('b'), '3456789abc');
  });

  it('keeps what it had when a new log breaks', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('x');
        throw new Error('cut');
      })(),
    );
    await assert.rejects(archive.store('a', broken), /cut/);
    assert.equal(await read('a'), 'one\ntwo\n');
    assert.deepEqual(readdirSync(folder).sort(), ['a.log', 'b.log']);
  });

  it('of a task that is being cleaned up is what is stored, whatever was read meanwhile', async () => {
    const ended = async (key: string, given: AsyncIterable<Uint8Array>): Promise<string> =>
      Buffer.concat(await Array.fromAsync(archive.readEnded(key, {}, given))).toString();
    assert.equal(await ended('c', Readable.from([Buffer.from('there')])), 'there');
    async function* cleanedUp(failure?: Error): AsyncGenerator<Uint8Array> {
      await archive.store('c', Readable.from([Buffer.from('stored')]));
      yield Buffer.from('no such cont');
      if (failure) throw failure;
    }
    assert.equal(await ended('c', cleanedUp()), 'stored');
    await archive.remove('c');
    assert.equal(await ended('c', cleanedUp(new Error('gone'))), 'stored');
    await archive.remove('c');
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('x');
        throw new Error('cut');
      })(),
    );
    await assert.rejects(ended('c', broken), /cut/);
  });

  it('says when there is none', async () => {
    await archive.remove('a');
    await archive.remove('a');
    assert.equal(await archive.has('a'), false);
    await assert.rejects(read('a'), (error) => hasCode(error, 'NOT_FOUND'));
  });
});
