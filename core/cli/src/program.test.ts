import assert from 'node:assert/strict';
import { CommanderError } from 'commander';
import { type Actions, createProgram } from './program.ts';

type Call = [keyof Actions, ...unknown[]];

/** What the words of a command line lead to; commander's error for those that lead nowhere. */
async function parse(words: string): Promise<Call | CommanderError> {
  const calls: Call[] = [];
  const note =
    (name: keyof Actions) =>
    (...given: unknown[]): Promise<void> => {
      calls.push([name, ...given]);
      return Promise.resolve();
    };
  const program = createProgram(
    {
      up: note('up'),
      doctor: note('doctor'),
      listPlugins: note('listPlugins'),
      switchPlugin: note('switchPlugin'),
      logInLink: note('logInLink'),
    },
    '1.2.3',
  );
  for (const one of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
    one.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  }
  try {
    await program.parseAsync(words.split(' ').filter(Boolean), { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error;
    throw error;
  }
  return calls[0]!;
}

const data = './stele-data';
const upDefaults = { data, json: false, prepare: true, verbose: false };

describe('the command line', () => {
  const good: readonly [string, Call][] = [
    ['up', ['up', upDefaults]],
    ['up --port 0 --json', ['up', { ...upDefaults, port: 0, json: true }]],
    [
      'up -d /x -s y.yaml -p 8080 -v --no-prepare',
      ['up', { data: '/x', site: 'y.yaml', port: 8080, json: false, prepare: false, verbose: true }],
    ],
    ['doctor --site y.yaml', ['doctor', { data, site: 'y.yaml', json: false }]],
    ['plugin list --json', ['listPlugins', { data, json: true }]],
    ['plugin enable a-b', ['switchPlugin', 'a-b', 'enable', { data, json: false }]],
    ['plugin disable a-b --data /x', ['switchPlugin', 'a-b', 'disable', { data: '/x', json: false }]],
    ['log-in-link', ['logInLink', undefined, { data, json: false }]],
    ['log-in-link a@b.c', ['logInLink', 'a@b.c', { data, json: false }]],
  ];
  for (const [words, call] of good) {
    it(`takes: ${words}`, async () =>
      assert.deepEqual(JSON.parse(JSON.stringify(await parse(words))), JSON.parse(JSON.stringify(call))));
  }

  const bad: readonly [string, RegExp][] = [
    ['up --port many', /0 to 65535/],
    ['up --port 65536', /0 to 65535/],
    ['up --port -1', /0 to 65535/],
    ['up --port 1e3', /0 to 65535/],
    ['up --prot 1', /unknown option/],
    ['up here', /too many arguments/],
    ['plugin enable', /missing required argument/],
    ['pulgin list', /unknown command/],
  ];
  for (const [words, message] of bad) {
    it(`refuses: ${words}`, async () => {
      const error = await parse(words);
      assert.ok(error instanceof CommanderError);
      assert.match(error.message, message);
      assert.equal(error.exitCode, 1);
    });
  }

  for (const words of ['--help', '--version', 'up --help']) {
    it(`answers: ${words}`, async () => assert.equal(((await parse(words)) as CommanderError).exitCode, 0));
  }
});
