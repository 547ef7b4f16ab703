import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Authority } from './testing/authority.ts';
import { FakePlatform } from './testing/platform.ts';
import { script, shells, TaskFolder } from './testing/run.ts';

/** As a driver packs it. */
function parcel(script_: string, env: Readonly<Record<string, string>> = {}): string {
  const lines = (texts: readonly string[]): string => texts.map((text) => ` ${text}\n`).join('');
  const command = script(script_).map(String);
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return `=command\n${lines(command)}=env\n${lines(variables)}=stdin\n two\n-lines\n=settings\n heartbeat=1\n.\n`;
}

/** A folder that has nothing but the way to the platform. */
async function emptyFolder(platform: FakePlatform, more = ''): Promise<TaskFolder> {
  const task = await TaskFolder.make({ command: [] });
  for (const name of readdirSync(task.path)) await rm(join(task.path, name));
  await writeFile(join(task.path, 'callback'), platform.callback(more), { mode: 0o600 });
  return task;
}

const speakers = ['curl', 'wget', 'bash', 'busybox'];
const ways = [
  ...shells.map((shell) => [shell, 'bash'] as const),
  ...speakers.map((speaker) => [['dash'], speaker] as const),
];

for (const [shell, speaker] of ways) {
  it(`the agent in ${shell.join(' ')} fetches its task by ${speaker}, and tells how it goes`, async function () {
    this.timeout(30_000);
    const hostile = `it's $(touch canary) "quoted" \\n  `;
    await using platform = await FakePlatform.open(
      parcel('cat; echo; printf "[%s]\\n" "$V"; sleep 1.5; exit 7', { V: hostile }),
    );
    await using task = await emptyFolder(platform, `speakers=${speaker}\n`);
    assert.equal(await task.start(shell).ended, 7, task.describe());
    assert.equal(task.log().toString(), `two\nlines\n[${hostile}]\n`);
    const phases = platform.accepted.map(({ status }) => status['phase']);
    assert.deepEqual([...new Set(phases)], ['starting', 'running', 'ended']);
    const last = platform.accepted.at(-1);
    assert.deepEqual([last?.status['exit'], last?.head['final'], last?.log], ['7', 'yes', task.log().toString()]);
    assert.equal(existsSync(join(task.path, 'callback')), false);
  });
}

describe('an agent that calls', function () {
  this.timeout(60_000);

  it('says what is new at once, and what is as before in its time', async () => {
    await using platform = await FakePlatform.open(parcel('sleep 2.5'));
    await using task = await emptyFolder(platform);
    await task.start(['dash']).ended;
    const calls = platform.accepted.map(({ status, head }) => ({ phase: status['phase'], urgent: head['urgent'] }));
    const news = calls.filter(({ phase }, index) => phase !== calls[index - 1]?.phase);
    assert.deepEqual(
      news.map(({ phase }) => phase),
      ['starting', 'running', 'ended'],
    );
    assert.deepEqual(
      calls.filter(({ urgent }) => urgent === 'yes'),
      news,
    );
  });

  it('shows its secrets in no argument and no environment', async () => {
    await using platform = await FakePlatform.open(parcel('sleep 1'));
    await using task = await emptyFolder(platform, 'speakers=curl\n');
    const agent = task.start(['dash']);
    await task.until('it has called', () => platform.came.length > 1);
    const secret = platform.came[0]?.head['secret'] ?? '';
    assert.match(secret, /^[0-9a-f]{64}$/);
    for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      for (const file of ['cmdline', 'environ']) {
        const text = textOf(`/proc/${entry}/${file}`);
        assert.ok(!text.includes(secret) && !text.includes('the-ticket'), `${file} of ${entry}`);
      }
    }
    await agent.ended;
  });

  it('shows the same secret again where the answer to its first call was lost', async () => {
    await using platform = await FakePlatform.open(parcel('exit 3'));
    platform.answers.push('accepted, and lost', 503, 'lost');
    await using task = await emptyFolder(platform);
    assert.equal(await task.start(['dash']).ended, 3, task.agentLog());
    const first = platform.came.slice(0, 4).map(({ head }) => head['secret']);
    assert.equal(new Set(first).size, 1);
  });

  it('tells the next step where the answer to the last was lost, and skips none', async () => {
    await using platform = await FakePlatform.open(parcel('sleep 1; exit 4'));
    await using task = await emptyFolder(platform);
    platform.answers.push('judged', 'accepted, and lost', 429);
    assert.equal(await task.start(['dash']).ended, 4, task.agentLog());
    assert.equal(platform.accepted.at(-1)?.status['exit'], '4');
    assert.deepEqual(
      platform.accepted.map(({ head }) => Number(head['step'])),
      platform.accepted.map((_, index) => index + 1),
    );
  });

  it('runs on while nobody answers, and tells the end when somebody does', async () => {
    await using platform = await FakePlatform.open(parcel('echo up; sleep 3; exit 5'));
    await using task = await emptyFolder(platform);
    const agent = task.start(['dash']);
    await task.running();
    await platform.away();
    await task.until('the container ended', () => task.status()['phase'] === 'ended');
    await platform.back();
    assert.equal(await agent.ended, 5);
    assert.equal(platform.accepted.at(-1)?.status['exit'], '5');
  });

  it('ends without a word when it is wanted no more', async () => {
    await using platform = await FakePlatform.open(parcel('exit 6'));
    await using task = await emptyFolder(platform);
    platform.answers.push('judged', 404);
    assert.equal(await task.start(['dash']).ended, 6);
    assert.equal(platform.came.length, 2);
  });

  for (const status of [403, 404, 409]) {
    it(`runs nothing where its first call is refused with ${status}`, async () => {
      await using platform = await FakePlatform.open(parcel('echo ran'));
      platform.answers.push(status);
      await using task = await emptyFolder(platform);
      assert.equal(await task.start(['dash']).ended, 77);
      assert.equal(task.log().length, 0);
    });
  }

  it('runs nothing of a parcel that is not whole', async () => {
    await using platform = await FakePlatform.open('=command\n /bin/true\n');
    await using task = await emptyFolder(platform);
    const agent = task.start(['dash']);
    await task.until('it tried again', () => platform.came.length > 1);
    agent.kill('SIGTERM');
    assert.equal(await agent.ended, 69);
    assert.equal(task.log().length, 0);
  });

  it('writes nowhere but where a parcel may', async () => {
    await using platform = await FakePlatform.open(`=../canary\n x\n=command\n /bin/true\n=agent.log\n x\n.\n`);
    await using task = await emptyFolder(platform);
    assert.equal(await task.start(['dash']).ended, 0);
    assert.equal(existsSync(join(task.path, '../canary')), false);
  });

  it('needs something that speaks HTTP, and with TLS something that checks certificates', async () => {
    await using platform = await FakePlatform.open(parcel(''));
    for (const more of ['speakers=nothing\n', 'url=https://127.0.0.1:1/\nspeakers=bash busybox\n']) {
      await using task = await emptyFolder(platform, more);
      assert.equal(await task.start(['dash']).ended, 72, task.agentLog());
    }
    assert.equal(platform.came.length, 0);
  });

  describe('by TLS', () => {
    const owned = new AsyncDisposableStack();
    let own: Authority;
    let other: Authority;
    before(async () => {
      [own, other] = await Promise.all([Authority.open(), Authority.open()]);
      owned.use(own);
      owned.use(other);
    });
    after(() => owned.disposeAsync());

    for (const speaker of ['curl', 'wget']) {
      it(`believes by ${speaker} who the site’s authority vouches for, and nobody else`, async () => {
        const cases = [
          [own, '127.0.0.1', own.ca, 9],
          [other, '127.0.0.1', own.ca, 76],
          [own, '127.0.0.2', own.ca, 76],
          [own, '127.0.0.1', undefined, 76],
        ] as const;
        for (const [authority, address, ca, wanted] of cases) {
          await using platform = await FakePlatform.open(parcel('exit 9'), await authority.identityOf(address));
          await using task = await emptyFolder(platform, `speakers=${speaker}\n`);
          if (ca !== undefined) await writeFile(join(task.path, 'ca'), ca);
          assert.equal(await task.start(['dash']).ended, wanted, task.agentLog());
          assert.equal(platform.came.length > 0, wanted === 9);
        }
      });
    }
  });

  it('takes its folder away at the end where that is its own', async () => {
    await using platform = await FakePlatform.open(parcel('exit 8'));
    await using task = await emptyFolder(platform, 'temporary=yes\n');
    await mkdir(join(task.node, 'other'));
    assert.equal(await task.start(['dash']).ended, 8);
    assert.equal(existsSync(task.path), false);
    assert.equal(platform.accepted.at(-1)?.status['exit'], '8');
  });
});

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // It has ended, or isn't ours to read.
    return '';
  }
}
