import assert from 'node:assert/strict';
import { readMachine, ulimitsFor } from './machine.ts';
import { workingRuntimes } from './survey.ts';

const limits = `Limit                     Soft Limit           Hard Limit           Units
Max processes             96364                96364                processes
Max open files            1024                 20000                files
`;
const hybrid = `tmpfs /sys/fs/cgroup tmpfs rw,relatime,mode=755 0 0
cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0
`;
const pure = 'cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime 0 0\n';
const withAll = 'CapEff:\t000001ffffffffff\n';
const withoutResource = 'CapEff:\t000001fffeffffff\n';

describe('what a host says of itself', () => {
  it('is whether systemd rules', () => {
    assert.equal(readMachine(`systemd\n${limits}`).init, 'systemd');
    assert.equal(readMachine(`process_api\n${limits}`).init, 'process_api');
    assert.equal(readMachine(limits).init, undefined, 'hidden by the host');
  });

  it('is whether control groups of both versions are mounted', () => {
    assert.equal(readMachine(hybrid).hasHybridControlGroups, true);
    assert.equal(readMachine(pure).hasHybridControlGroups, false);
    assert.equal(readMachine('').hasHybridControlGroups, false);
  });

  it('is how far limits can be raised', () => {
    assert.equal(readMachine(withAll).mayRaiseLimits, true);
    assert.equal(readMachine(withoutResource).mayRaiseLimits, false);
    assert.equal(readMachine('').mayRaiseLimits, true, 'nothing known, nothing demanded');
  });
});

describe('limits that rootful Podman is told', () => {
  it('are none where it may raise them', () => assert.deepEqual(ulimitsFor(readMachine(`x\n${limits}${withAll}`)), []));

  it('are both of its own, at or below the hard ones, where it may not', () => {
    assert.deepEqual(ulimitsFor(readMachine(`x\n${limits}${withoutResource}`)), [
      { name: 'nofile', value: 20_000 },
      { name: 'nproc', value: 32_768 },
    ]);
  });

  it('are its own where the hard ones are unlimited', () => {
    const unlimited = limits.replaceAll(/\d+( +(files|processes))/g, 'unlimited$1');
    assert.deepEqual(ulimitsFor(readMachine(`x\n${unlimited}${withoutResource}`)), [
      { name: 'nofile', value: 1_048_576 },
      { name: 'nproc', value: 32_768 },
    ]);
  });
});

describe('runtimes that work', () => {
  it('are all but crun where control groups of both versions are mounted', () => {
    assert.deepEqual(workingRuntimes(['crun', 'runc', 'runsc'], readMachine(hybrid)), ['runc', 'runsc']);
    assert.deepEqual(workingRuntimes(['crun'], readMachine(hybrid)), []);
    assert.deepEqual(workingRuntimes(['crun', 'runc'], readMachine(pure)), ['crun', 'runc']);
  });
});
