import type { ComputingResource, DirectDialService, Host } from '@stele/sdk';
import assert from 'node:assert/strict';
import { inTime, rejectsWith, testCall, testUser } from '@stele/sdk/testing';
import { SteleError } from '@stele/sdk';
import { SlurmDriver, type SlurmParts } from '../driver.ts';

const key = 'abcdefghij012345';
const now = Math.floor(Date.now() / 1000);

/** The host that the platform runs on, which dials from its own process. */
const answers: Readonly<Record<string, string>> = {
  printenv: '/home/alice\n',
  sh: `${now}\nphase=running\nnode=n1\nport=20000\nheartbeat=${now}\n`,
  squeue: `7|stele-${key}|2001|RUNNING|1795830714|1795831314|0:0|0|n1|None\n`,
  scontrol: 'NodeName=n1 NodeAddr=10.20.0.9 NodeHostName=n1\n',
};

const host = {
  name: 'this machine',
  user: 'alice',
  isDirect: true,
  exec: async (argv: readonly string[]) => {
    const program = argv.find((word) => word in answers) ?? '';
    return { exitCode: program === '' ? 1 : 0, stdout: answers[program] ?? '', stderr: '' };
  },
  dial: () => Promise.reject(new SteleError('UNREACHABLE', 'by the host')),
  [Symbol.asyncDispose]: () => Promise.resolve(),
} as unknown as Host;

describe('the networks of a resource on the platform’s own machine', () => {
  const asked: unknown[] = [];
  const direct = {
    dial: (address, { networks }) => {
      asked.push([address, networks]);
      return Promise.reject(new SteleError('DENIED', 'outside of the networks'));
    },
  } as Partial<DirectDialService> as DirectDialService;
  const driver = new SlurmDriver({ hosts: { open: async () => host }, direct } as Partial<SlurmParts> as SlurmParts);

  async function dial(conf: ComputingResource['conf']): Promise<unknown> {
    const about = { id: 'r', name: 'Here', driver: 'slurm', access: 'local', auth: 'none' } as const;
    const resource = { ...about, accessConf: {}, conf, engines: [] };
    const { address, via } = await driver.reach(resource, { key, ref: '7', who: testUser }, testCall());
    return via.dial(address, inTime(5_000));
  }

  it('are all that is dialled, where they are declared', async () => {
    await rejectsWith('DENIED', dial({ networks: ['10.30.0.0/16'] }));
    assert.deepEqual(asked, [[{ host: '10.20.0.9', port: 20_000 }, ['10.30.0.0/16']]]);
  });

  it('are those of the machine, where none are', async () => {
    await rejectsWith('UNREACHABLE', dial({}));
    assert.equal(asked.length, 1);
  });
});
