import assert from 'node:assert/strict';
import { sortNames } from '@stele/sdk/trees';
import type { Sftp } from '../sftp/sftp.ts';
import { attributesIn, type Snapshot, Snapshots } from './snapshots.ts';

const past = 1_000_000;

function snapshot(names: number, parts: Partial<Snapshot> = {}): Snapshot {
  const rows = sortNames(
    Array.from({ length: names }, (_, index) => ({ name: Buffer.from(`f${index}`), isFolder: false })),
    {},
  );
  const known = new Map(rows.map(({ name }) => [name, { size: 1, mode: 0o100644, modified: past }]));
  return { rows, known, modified: past, isHidden: false, at: performance.now(), ...parts };
}

const snapshots = () => Snapshots.of({} as Sftp);
const path = Buffer.from('/data/run');

describe('snapshots of large folders', () => {
  it('are kept for all who use the account, and for nobody else', () => {
    const sftp = {} as Sftp;
    Snapshots.of(sftp).keep(path, snapshot(1_001));
    assert.equal(Snapshots.of(sftp).get(path, past, false)?.rows.length, 1_001);
    assert.equal(snapshots().get(path, past, false), undefined);
  });

  it('are of no use once the folder has changed, for other choices, and after half a minute', () => {
    const kept = snapshots();
    kept.keep(path, snapshot(1_001));
    assert.equal(kept.get(path, past + 1, false), undefined);
    assert.equal(kept.get(path, past, true), undefined);
    kept.keep(path, snapshot(1_001, { at: performance.now() - 31_000 }));
    assert.equal(kept.get(path, past, false), undefined);
  });

  it('are not made of small folders, nor of those that change right now', () => {
    const kept = snapshots();
    kept.keep(path, snapshot(1_000));
    assert.equal(kept.get(path, past, false), undefined);
    const modified = Math.floor(Date.now() / 1000);
    kept.keep(path, snapshot(1_001, { modified }));
    assert.equal(kept.get(path, modified, false), undefined);
  });

  it('are forgotten with the folder or one above it', () => {
    for (const [changed, isKept] of [
      ['/data/run', false],
      ['/data', false],
      ['/data/ru', true],
      ['/data/run/deeper', true],
    ] as const) {
      const kept = snapshots();
      kept.keep(path, snapshot(1_001));
      kept.forget(Buffer.from(changed));
      assert.equal(kept.get(path, past, false) !== undefined, isKept, changed);
    }
  });

  it('make room for new ones', () => {
    const kept = snapshots();
    const small = snapshot(1_001);
    for (let index = 0; index < 9; index += 1) kept.keep(Buffer.from(`/${index}`), small);
    const left = Array.from({ length: 9 }, (_, index) => kept.get(Buffer.from(`/${index}`), past, false) !== undefined);
    assert.deepEqual(left, [false, ...Array.from({ length: 8 }, () => true)]);
    const huge = { ...small, rows: { length: 400_000 } as Snapshot['rows'] };
    kept.keep(path, huge);
    assert.equal(kept.get(Buffer.from('/8'), past, false), undefined, 'a huge one leaves no room for others');
    assert.equal(kept.get(path, past, false), huge);
  });

  it('tell sizes and times for some seconds', () => {
    assert.equal(attributesIn(snapshot(3)).size, 3);
    assert.equal(attributesIn(snapshot(3, { at: performance.now() - 6_000 })).size, 0);
  });
});
