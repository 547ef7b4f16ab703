import assert from 'node:assert/strict';
import { script, shells, TaskFolder } from './testing/run.ts';

const show = 'for word; do printf "%s\\n" "$word"; done';
const hostile = [
  `it's "quoted" \\ back\\slash \\n`,
  '$(touch canary) `touch canary` $HOME ${HOME}',
  '%s %d %% %n',
  '  blanks  ',
  '',
  '-n',
  '--help',
  '*',
  '; touch canary #',
  '& | > < ! ~',
  'grüße, 世界',
  '\u0001\t\u007f',
  '@STELE_@ @STELE_PORT @STELE_OTHER@ STELE_PORT@',
  'x'.repeat(10_000),
];
const invalid = Buffer.from([0x61, 0xff, 0xfe, 0x80, 0xc3, 0x28, 0x62]);

for (const shell of shells) {
  describe(`the agent in ${shell.join(' ')}: values`, function () {
    this.timeout(60_000);

    it('come to the container as arguments, byte for byte', async () => {
      await using task = await TaskFolder.make({ command: script(show, ...hostile, invalid) });
      assert.equal(await task.start(shell).ended, 0, task.describe());
      const expected = Buffer.concat([Buffer.from(`${hostile.join('\n')}\n`), invalid, Buffer.from('\n')]);
      assert.deepEqual(task.log(), expected);
    });

    it('come to it on standard input, byte for byte', async () => {
      for (const text of [`${hostile.join('\n')}\n`, 'no line end', '', '\n\n', 'x\n\ny']) {
        await using task = await TaskFolder.make({ command: ['cat'], stdin: text });
        assert.equal(await task.start(shell).ended, 0);
        assert.equal(task.log().toString(), text);
      }
      await using task = await TaskFolder.make({
        command: ['cat'],
        stdin: Buffer.concat([invalid, Buffer.from('\n')]),
      });
      await task.start(shell).ended;
      assert.deepEqual(task.log(), Buffer.concat([invalid, Buffer.from('\n')]));
    });

    it('come to it as environment, byte for byte', async () => {
      const values = hostile.slice(0, -1);
      const env = values.map((value, index) => `V${index}=${value}\n`).join('');
      const names = values.map((_, index) => `"$V${index}"`).join(' ');
      await using task = await TaskFolder.make({ command: script(`printf '%s\\n' ${names}`), env });
      assert.equal(await task.start(shell).ended, 0, task.describe());
      assert.equal(task.log().toString(), `${values.join('\n')}\n`);
    });

    it('of no shell’s making are left out: names that aren’t names, and the shell’s own', async () => {
      const env =
        'a b=1\n1X=1\n$(touch canary)=1\nA[0]=1\nUID=1\nPPID=1\nSHELLOPTS=x\nBASH_ENV=/x\nnothing\n=x\nGOOD=1';
      await using task = await TaskFolder.make({ command: script('echo "$GOOD"'), env });
      assert.equal(await task.start(shell).ended, 0, task.describe());
      assert.equal(task.log().toString(), '1\n');
    });

    it('may have names that the agent uses itself', async () => {
      const names = ['port', 'line', 'rest', 'filled', 'folder', 'sandbox', 'list', 'PATH'];
      const env = names.map((name) => `${name}=my ${name}\n`).join('');
      const printed = names.map((name) => `"$${name}"`).join(' ');
      await using task = await TaskFolder.make({
        command: script(`printf '%s\\n' ${printed} "$LAST"`),
        env: `${env}LAST=@STELE_PORT@\n`,
        settings: { port: 4711 },
      });
      assert.equal(await task.start(shell).ended, 0, task.describe());
      assert.equal(task.log().toString(), `${names.map((name) => `my ${name}\n`).join('')}4711\n`);
    });

    it('have placeholders filled in, once, wherever they stand', async () => {
      await using task = await TaskFolder.make({
        command: script('echo "$1"; echo "$V"; cat', '<@STELE_PORT@@STELE_HOME@>'),
        stdin: 'a@STELE_SCRATCH@b@STELE_PORT@\n',
        env: 'V=:@STELE_PORT@:\n',
        settings: { port: 4711 },
      });
      assert.equal(await task.start(shell).ended, 0);
      const lines = task.log().toString().split('\n');
      assert.match(lines[0] ?? '', new RegExp(`^<4711${task.node}/stele-\\w{10}/home>$`));
      assert.equal(lines[1], ':4711:');
      assert.match(lines[2] ?? '', new RegExp(`^a${task.node}/stele-\\w{10}/scratchb4711$`));
    });

    it('leave the caller’s own locale and file modes to the container', async () => {
      await using task = await TaskFolder.make({ command: script('echo "${LC_ALL-unset}"; umask') });
      await task.start(shell).ended;
      const mask = process.umask().toString(8).padStart(4, '0');
      assert.equal(task.log().toString(), `unset\n${mask}\n`);
      await task.start(shell, { LC_ALL: 'de_AT.UTF-8' }).ended;
      assert.equal(task.log().toString(), `unset\n${mask}\nde_AT.UTF-8\n${mask}\n`);
    });
  });
}
