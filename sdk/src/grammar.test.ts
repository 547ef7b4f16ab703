import assert from 'node:assert/strict';
import { formatImage, type grammar, matches, pattern } from './grammar.ts';

type Rule = keyof typeof grammar;

const label = 'x'.repeat(63);

const tables: Record<Rule, { readonly good: readonly string[]; readonly bad: readonly string[] }> = {
  registry: {
    good: [
      'docker.io',
      'localhost',
      'localhost:5000',
      'registry.example.org:443',
      '127.0.0.1:5000',
      'A-b.c',
      'x',
      `${label}.${label}`,
      'a:65535',
      'a:1',
    ],
    bad: [
      '',
      '.',
      'a..b',
      '-a',
      'a-',
      'a.-b',
      'a_b',
      'a/b',
      'a:',
      'a:x',
      'a:123456',
      'a b',
      'a:1/b',
      'user@host',
      `${label}x`,
      'a\n',
      '\na',
      'é.org',
      'a:0',
      'a:65536',
      'a:99999',
      'a:080',
      '[::1]:5000',
    ],
  },
  repository: {
    good: ['debian', 'library/debian', 'a/b/c', 'a.b', 'a_b', 'a__b', 'a-b', 'a---b', '0', 'a1/b2'],
    bad: [
      '',
      '/',
      'a/',
      '/a',
      'a//b',
      'A',
      'a.',
      '.a',
      'a..b',
      'a___b',
      'a_',
      '-a',
      'a-',
      'a:b',
      'a@b',
      'a b',
      '../a',
      'a/../b',
      'a\n',
      'é',
      `${'a'.repeat(256)}`,
      `${'a/'.repeat(128)}a`,
    ],
  },
  tag: {
    good: ['latest', '1.2.3', '_x', 'A', 'v1-rc.1', 'x'.repeat(128)],
    bad: ['', '.x', '-x', 'a/b', 'a:b', 'a@b', 'a b', 'x'.repeat(129), 'a\n', 'é', '$(id)'],
  },
  digest: {
    good: [`sha256:${'a0'.repeat(32)}`],
    bad: [
      '',
      'sha256:',
      `sha256:${'a'.repeat(63)}`,
      `sha256:${'a'.repeat(65)}`,
      `sha256:${'A'.repeat(64)}`,
      `sha256:${'g'.repeat(64)}`,
      `md5:${'a'.repeat(32)}`,
      `sha256:${'a'.repeat(64)}\n`,
    ],
  },
  envName: {
    good: ['A', '_', 'BASE_PORT', 'a1', `A${'b'.repeat(127)}`],
    bad: ['', '1A', 'A-B', 'A=B', 'A B', 'A\n', 'é', 'A.B', `A${'b'.repeat(128)}`, 'A\0'],
  },
  envValue: {
    good: ['', 'x', 'a b', '$HOME', '"\'\\', '\t', '東京 🚀', '='.repeat(4_096)],
    bad: ['a\nb', '\n', 'a\r', 'a\0b', 'x'.repeat(4_097), 'x\n'],
  },
  absolutePath: {
    good: [
      '/',
      '/a',
      '/a/b',
      '/a b',
      '/.a',
      '/...',
      '/a/..b',
      '/a./b',
      '/$USER',
      '/é/東京',
      `/${'x'.repeat(255)}`,
      '/-a',
      '/~',
    ],
    bad: [
      '',
      'a',
      './a',
      '/.',
      '/..',
      '/a/.',
      '/a/..',
      '/./a',
      '/../a',
      '/a/../b',
      '/a/./b',
      '//',
      '//a',
      '/a//b',
      '/a/',
      '/a\0',
      '/a\nb',
      '/a\u007f',
      '/a\n',
      `/${'x'.repeat(256)}`,
    ],
  },
  taskKey: {
    good: ['abcdefgh12345678', '0'.repeat(16)],
    bad: [
      '',
      'abcdefgh1234567',
      'abcdefgh123456789',
      'ABCDEFGH12345678',
      'abcdefgh-2345678',
      'abcdefgh1234567\n',
      'abcdefgh12345678\n',
    ],
  },
  accountName: {
    good: ['ada', 'Ada.Lovelace', '_svc', 'a-1', 'x'.repeat(32)],
    bad: ['', '-rf', '.', '..', '1a', 'a b', 'a/b', 'a\n', '$USER', 'a;id', 'ä', 'x'.repeat(33)],
  },
  userName: {
    good: ['a', 'ada', 'ada-1', 'a_b', '0', 'a'.repeat(32)],
    bad: ['', '-a', '_a', 'A', 'a.b', 'a/b', '..', 'a b', 'a'.repeat(33), 'é', 'a\n', '$USER'],
  },
  id: {
    good: ['a', 'podman', 'panel-tasks', 'a1', 'a-', 'x'.repeat(63)],
    bad: ['', '1a', '-a', 'A', 'a_b', 'a.b', 'a/b', 'x'.repeat(64), 'a\n', 'é'],
  },
};

/** What drives a regular expression mad that goes back over its steps. */
const long: readonly string[] = [
  'a'.repeat(100_000),
  '-'.repeat(100_000),
  'a-'.repeat(50_000),
  'a.'.repeat(50_000),
  'a__'.repeat(30_000),
  'a/'.repeat(50_000),
  '/a'.repeat(50_000),
  '/a'.repeat(50_000) + '/',
  `/${'a'.repeat(255)}`.repeat(400) + '\n',
  '/'.repeat(100_000),
  '/.'.repeat(50_000),
  '0'.repeat(100_000) + '!',
  'a'.repeat(62) + '.a'.repeat(50_000) + '!',
  ' '.repeat(100_000),
];

describe('grammar', () => {
  for (const [name, { good, bad }] of Object.entries(tables)) {
    const rule = name as Rule;
    describe(rule, () => {
      for (const value of good) {
        it(`takes ${JSON.stringify(value).slice(0, 50)}`, () => assert(matches(rule, value)));
      }
      for (const value of bad) {
        it(`refuses ${JSON.stringify(value).slice(0, 50)}`, () => assert(!matches(rule, value)));
      }
      it('says the same as a pattern of a schema', () => {
        for (const value of [...good, ...bad]) {
          assert.equal(
            new RegExp(pattern(rule), 'u').test(value),
            matches(rule, value),
            JSON.stringify(value).slice(0, 80),
          );
        }
      });
      it('answers at once, whatever it is asked', () => {
        const start = performance.now();
        for (const value of long) matches(rule, value);
        assert(performance.now() - start < 500, `${(performance.now() - start).toFixed(0)} ms`);
      });
    });
  }
});

describe('an image reference', () => {
  const image = { registry: 'docker.io', repository: 'library/debian' };
  const digest = `sha256:${'a'.repeat(64)}`;

  it('is written by digest, else by tag, else by “latest”', () => {
    assert.equal(formatImage(image), 'docker.io/library/debian:latest');
    assert.equal(formatImage({ ...image, tag: '12' }), 'docker.io/library/debian:12');
    assert.equal(formatImage({ ...image, tag: '12', digest }), `docker.io/library/debian@${digest}`);
  });

  for (const wrong of [
    { registry: '-x' },
    { registry: 'a b' },
    { repository: '../etc' },
    { repository: 'A' },
    { repository: '--privileged' },
    { tag: '-x' },
    { tag: '' },
    { tag: 'a b', digest },
    { digest: 'sha256:x' },
  ]) {
    it(`is refused with ${JSON.stringify(wrong).slice(0, 60)}`, () => {
      assert.throws(() => formatImage({ ...image, ...wrong }), { code: 'INVALID', field: 'image' });
    });
  }
});
