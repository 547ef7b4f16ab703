import { deepEqual, equal, match } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { skip } from '../../e2e/lib/skip.ts';
import { openSite, type Site, siteMissing, type Suite } from '../lib/site.ts';

const run = promisify(execFile);

for (const suite of ['bookworm', 'trixie'] satisfies Suite[]) {
  describe(`the HPC site of ${suite}`, function () {
    this.timeout(120_000);
    let site: Site;

    before(async function () {
      this.timeout(600_000);
      const why = await siteMissing();
      if (why !== undefined) return skip(this, why);
      site = await openSite({ suite });
    });

    after(() => site?.close());

    it('has nodes that the scheduler sees', async () => {
      const states = await site.on(
        'login',
        'sinfo',
        '--noheader',
        '--Node',
        '--partition',
        'debug',
        '--format',
        '%N %T',
      );
      deepEqual(states.split('\n'), ['node1 idle', 'node2 idle']);
    });

    it('lets a user in with a key, and runs their job to its end', async () => {
      const job = await ssh(site, 'alice', 'sbatch', '--wait', '--parsable', '--output=job.out', '--wrap=hostname');
      match(await ssh(site, 'alice', 'cat', 'job.out'), /^node[12]$/);
      match(await ssh(site, 'alice', 'scontrol', 'show', 'job', job), /JobState=COMPLETED/);
      if (suite === 'bookworm')
        match(await eventually(() => site.as('alice', 'login', 'sacct', '-nXj', job), /COMPLETED/), /users/);
    });

    it('has Apptainer on the nodes', async () => {
      match(await site.as('alice', 'node1', 'apptainer', 'version'), /^\d+\./);
    });

    it('shows a crashed node to the scheduler, and takes it back', async () => {
      await site.crash('node2');
      await eventually(() => state(site, 'node2'), /down/);
      await site.boot('node2');
      await eventually(() => state(site, 'node2'), /^idle$/);
    });

    it('fills one home and not the neighbour’s', async () => {
      await site.fillHome('bob');
      equal(
        await site.as('bob', 'node1', 'df', '--output=avail', '.').then((text) => text.split('\n')[1]?.trim()),
        '0',
      );
      await site.as('alice', 'node1', 'touch', 'still-room');
      await site.freeHome('bob');
      await site.as('bob', 'node1', 'dd', 'if=/dev/zero', 'of=room', 'bs=1M', 'count=1', 'status=none');
    });
  });
}

describe('the HPC site, taken down', function () {
  this.timeout(600_000);
  const other = { ...process.env, SITE_SUITE: 'trixie', SITE_NAME: 'hpcd', SITE_NET: '10.94', SITE_NODES: '1' };
  const bed = new URL('../../beds/hpc-site', import.meta.url).pathname;

  it('leaves no namespace, mount, control group, link or process', async function () {
    const why = await siteMissing();
    if (why !== undefined) return skip(this, why);
    await run(bed, ['up'], { env: other });
    match(await traces(), /hpcd/);
    await run(bed, ['down'], { env: other });
    equal(await traces(), '');
    equal(existsSync(join(process.env['STELE_BEDS'] ?? '/var/tmp/stele-beds', 'hpc-site-hpcd')), false);
  });
});

async function traces(): Promise<string> {
  const found: string[] = [];
  const looks: [string, ...string[]][] = [
    ['ip', 'netns', 'list'],
    ['ip', '-oneline', 'link'],
    ['losetup', '--list', '--noheadings', '--output', 'BACK-FILE'],
    ['cat', '/proc/self/mountinfo'],
    ['ls', '/sys/fs/cgroup/memory', '/sys/fs/cgroup/freezer', '/sys/fs/cgroup/cpuset'],
    ['ps', '-eo', 'args'],
  ];
  for (const [program, ...args] of looks) {
    const { stdout } = await run(program, args, { maxBuffer: 1 << 24 });
    found.push(...stdout.split('\n').filter((line) => line.includes('hpcd')));
  }
  return found.join('\n');
}

async function ssh(site: Site, user: string, ...argv: string[]): Promise<string> {
  const options = [
    'BatchMode=yes',
    'IdentitiesOnly=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${site.knownHosts}`,
  ];
  const flags = options.flatMap((option) => ['-o', option]);
  const { stdout } = await run(
    'ssh',
    ['-F', 'none', '-i', site.privateKey, ...flags, `${user}@${site.login}`, ...argv],
    {
      timeout: 60_000,
    },
  );
  return stdout.trim();
}

function state(site: Site, node: string): Promise<string> {
  return site.on('login', 'sinfo', '--noheader', '--nodes', node, '--partition', 'debug', '--format', '%T');
}

async function eventually(look: () => Promise<string>, wanted: RegExp): Promise<string> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const seen = await look();
    if (wanted.test(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`still ${seen}`);
    await sleep(500);
  }
}
