import assert from 'node:assert/strict';
import { borrow, giveBack, lend } from '@stele/sdk';
import { dataOf, encode, Fields, Framer, headed, packet } from './wire.ts';

describe('packets of SFTP', () => {
  it('are cut out of a stream, however it arrives', () => {
    const packets = [
      encode(packet.data, 7, [{ bytes: 'one' }]),
      encode(packet.status, 8, [{ u32: 4 }]),
      encode(packet.data, 9, [{ bytes: Buffer.alloc(70_000) }]),
    ];
    const stream = Buffer.concat(packets);
    for (const size of [1, 3, 4, 5, 17, 1_000, stream.length]) {
      const framer = new Framer();
      const seen: Buffer[] = [];
      for (let start = 0; start < stream.length; start += size)
        framer.feed(stream.subarray(start, start + size), (body) => seen.push(Buffer.concat(body)));
      assert.deepEqual(
        seen,
        packets.map((bytes) => bytes.subarray(4)),
        `pieces of ${size}`,
      );
    }
  });

  it('give their data as it came', () => {
    const content = Buffer.from('0123456789'.repeat(10));
    const stream = encode(packet.data, 7, [{ bytes: content }]);
    for (const size of [1, 8, 13, 14, 50, stream.length]) {
      const framer = new Framer();
      const seen: (readonly Buffer[])[] = [];
      const chunks: Buffer[] = [];
      for (let start = 0; start < stream.length; start += size) chunks.push(stream.subarray(start, start + size));
      for (const chunk of chunks) framer.feed(chunk, (body) => seen.push(dataOf(headed(body))));
      assert.deepEqual(
        seen.map((pieces) => Buffer.concat(pieces)),
        [content],
        `pieces of ${size}`,
      );
      if (size >= 13)
        assert(
          seen[0]!.every((piece) => piece.buffer === stream.buffer),
          'nothing is copied',
        );
    }
    const lies = Buffer.from(stream);
    lies.writeUInt32BE(content.length + 1, 9);
    assert.throws(() => dataOf([lies.subarray(4)]), RangeError);
  });

  it('give memory that was lent back, but for data: that is for who takes it', () => {
    const others = encode(packet.status, 8, [{ u32: 4 }]);
    const stream = Buffer.concat([others, encode(packet.data, 7, [{ bytes: Buffer.alloc(40_000, 'x') }]), others]);
    const memory = borrow();
    memory.set(stream);
    const chunk = lend(memory, stream.length);
    const pieces: Buffer[] = [];
    new Framer().feed(chunk, (body) => {
      const whole = headed(body);
      if (whole[0][0] === packet.data) pieces.push(...dataOf(whole));
    });
    assert.notEqual(borrow().buffer, chunk.buffer);
    assert.deepEqual(Buffer.concat(pieces), Buffer.alloc(40_000, 'x'));
    for (const piece of pieces) giveBack(piece);
    assert.equal(borrow().buffer, chunk.buffer);
  });

  it('that are too long are refused before they come', () => {
    const length = Buffer.from([0x7f, 0xff, 0xff, 0xff]);
    assert.throws(() => new Framer().feed(length, () => assert.fail('there is no packet')), RangeError);
    const seen: Buffer[] = [];
    new Framer().feed(Buffer.alloc(4), (body) => seen.push(Buffer.concat(body)));
    assert.deepEqual(seen, [Buffer.alloc(0)], 'an empty one is none the less one');
  });

  it('hold numbers beyond 32 bits, any bytes, and attributes with parts that nobody asked for', () => {
    const attributes = Buffer.concat([
      Buffer.from('8000000f', 'hex'),
      Buffer.from('0000000200000003', 'hex'),
      Buffer.alloc(8),
      Buffer.from('000081a4', 'hex'),
      Buffer.from('0000000100000005', 'hex'),
      Buffer.from('00000001', 'hex'),
      Buffer.from('0000000161', 'hex'),
      Buffer.from('00000000', 'hex'),
      Buffer.from([9]),
    ]);
    const fields = new Fields(attributes);
    assert.deepEqual(fields.attributes(), { size: 2 * 2 ** 32 + 3, mode: 0o100644, modified: 5 });
    assert(!fields.isAtEnd);
    const more = new Fields(encode(packet.read, 1, [{ u64: 2 ** 40 }, { bytes: Buffer.from([0xff, 0]) }]).subarray(9));
    assert.equal(more.u64(), 2 ** 40);
    assert.deepEqual(more.bytes(), Buffer.from([0xff, 0]));
    assert(more.isAtEnd);
  });

  it('that end too early are refused', () => {
    assert.throws(() => new Fields(Buffer.from([0, 0, 0, 9, 1])).bytes(), RangeError);
    assert.throws(() => new Fields(Buffer.from([0])).u32(), RangeError);
  });
});
