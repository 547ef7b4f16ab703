import assert from 'node:assert/strict';
import { authFileText } from '../oci/auth-file.ts';
import { linesOf } from '../oci/lines.ts';
import { isSuspect, judge } from '../oci/out-of-memory.ts';
import { PullProgress } from '../oci/pull-progress.ts';

describe('progress of a pull', () => {
  const said = (lines: readonly string[]): readonly (string | undefined)[] => {
    const progress = new PullProgress();
    return lines.map((line) => progress.add(line));
  };

  it('counts Docker’s layers', () => {
    assert.deepEqual(
      said([
        '1: Pulling from a/b',
        'aaaaaaaaaaaa: Pulling fs layer',
        'bbbbbbbbbbbb: Waiting',
        'aaaaaaaaaaaa: Pull complete',
      ]),
      [
        'Fetching the image.',
        'Fetching the image: 1 layer.',
        'Fetching the image: 2 layers.',
        'Fetching the image: 1 of 2 layers.',
      ],
    );
  });

  it('counts Podman’s layers', () => {
    const lines = [
      'Trying to pull a/b:1...',
      'Copying blob sha256:aaaaaaaaaaaaaaaa',
      'Copying blob sha256:bbbbbbbbbbbbbbbb',
      'Storing signatures',
    ];
    assert.deepEqual(said(lines), [
      'Fetching the image.',
      'Fetching the image: 1 layer.',
      'Fetching the image: 2 layers.',
      'Fetching the image: storing it.',
    ]);
  });

  it('says nothing twice, and nothing of noise', () => {
    assert.deepEqual(said(['Trying to pull a', 'Getting image source signatures', 'time="x" level=warning']), [
      'Fetching the image.',
      undefined,
      undefined,
    ]);
  });
});

describe('credentials', () => {
  it('are written as both engines read them', () => {
    const auth = Buffer.from('ada:pa:ss"word').toString('base64');
    const text = authFileText('r.example:5000', { username: 'ada', password: 'pa:ss"word' });
    assert.deepEqual(JSON.parse(text), { auths: { 'r.example:5000': { auth } } });
  });

  it('name Docker’s registry as Docker does', () => {
    for (const registry of ['docker.io', 'index.docker.io']) {
      const { auths } = JSON.parse(authFileText(registry, { username: 'a', password: 'b' })) as { auths: object };
      assert.deepEqual(
        Object.keys(auths).toSorted(),
        [...new Set([registry, 'docker.io', 'https://index.docker.io/v1/'])].toSorted(),
      );
    }
  });
});

describe('lines', () => {
  const read = async (...chunks: readonly string[]): Promise<readonly string[]> => {
    const lines: string[] = [];
    const stream = (async function* () {
      for (const chunk of chunks) yield Buffer.from(chunk, 'latin1');
    })();
    for await (const line of linesOf(stream)) lines.push(line);
    return lines;
  };

  it('are joined across chunks', async () => assert.deepEqual(await read('a', 'b\nc', '\n', 'd'), ['ab', 'c', 'd']));
  it('end as terminals end them', async () => assert.deepEqual(await read('a\r\nb\rc\n'), ['a', 'b', 'c']));
  it('keep characters whole', async () => assert.deepEqual(await read('\xc3', '\xbc\n'), ['ü']));
  it('are none in nothing', async () => assert.deepEqual(await read(), []));
});

describe('want of memory', () => {
  const id = 'ab'.repeat(32);
  const state = { phase: 'ended', exitCode: 137, outOfMemory: false } as const;
  const facts = { id, name: 'a', state, memory: 64 };
  const log = `[1.0] oom-kill:constraint=CONSTRAINT_MEMCG,cpuset=x,oom_memcg=/libpod_parent/libpod-${id},task=sh,pid=1,uid=0`;

  it('is believed when the kernel says so', () => assert.equal(judge(facts, log).outOfMemory, true));

  it('is not believed of another container', () => {
    const end = judge({ ...facts, id: 'cd'.repeat(32) }, log);
    assert.equal(end.outOfMemory, false);
    assert.match(end.error ?? '', /signal 9.*64 bytes/);
  });

  it('is not believed where the whole host ran out', () => {
    assert.equal(
      judge(facts, `oom-kill:constraint=CONSTRAINT_NONE,task_memcg=/libpod-${id},task=sh`).outOfMemory,
      false,
    );
  });

  it('is asked about only where it may be', () => {
    assert.equal(isSuspect(facts), true);
    assert.equal(isSuspect({ ...facts, memory: 0 }), false);
    assert.equal(isSuspect({ ...facts, state: { ...state, exitCode: 1 } }), false);
    assert.equal(isSuspect({ ...facts, state: { ...state, outOfMemory: true } }), false);
  });
});
