import assert from 'node:assert/strict';
import { encode, Fields, Framer, packet } from './wire.ts';

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
        framer.feed(stream.subarray(start, start + size), (body) => seen.push(body));
      assert.deepEqual(
        seen,
        packets.map((bytes) => bytes.subarray(4)),
        `pieces of ${size}`,
      );
    }
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
