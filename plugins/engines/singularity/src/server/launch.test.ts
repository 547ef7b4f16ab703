import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { imageWord, launch } from './launch.ts';

const run = promisify(execFile);

/** Stands in for installations that this machine can't have beside each other: it says what it is asked. */
const fake = `#!/bin/sh
[ "$1" = buildcfg ] && { echo "$(dirname "$0")/libexec"; exit; }
[ "$1 $2" = 'pull --help' ] && { echo --authfile; exit; }
[ "$2" = pull ] && { printf '%s\\n' "$@" >"$(dirname "$0")/pulled"; cat "$5" >"$6"; exit; }
printf '%s\\n' "$@"
printenv APPTAINERENV_CUDA_VISIBLE_DEVICES || :
`;

describe('the launch on the node', () => {
  let folder = '';
  let program = '';
  const images = (): string => join(folder, 'images', String(process.getuid?.()));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stele-launch-'));
    program = join(folder, 'apptainer');
    await mkdir(images(), { recursive: true });
    await executable('apptainer', fake);
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function executable(name: string, text: string, mode = 0o755): Promise<void> {
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), mode);
  }

  async function launched(
    rest: readonly string[],
    parts: { command?: string; file?: string; gpus?: string; auth?: string } = {},
    path = [folder, process.env['PATH']].join(delimiter),
  ) {
    const { command = program, file = 'a.sif', gpus = '', auth = '' } = parts;
    const choices = [
      command,
      join(folder, 'images'),
      file,
      'docker://x/a:1',
      gpus,
      '/the/home',
      join(folder, 'scratch'),
      auth,
    ];
    const [shell = '', ...args] = [...launch, ...choices, ...rest];
    const env = { ...process.env, PATH: path, CUDA_VISIBLE_DEVICES: '1,3' };
    return (await run(shell, args, { env })).stdout.slice(0, -1).split('\n');
  }

  async function installSetuid(): Promise<void> {
    await mkdir(join(folder, 'libexec/apptainer/bin'), { recursive: true });
    await executable('libexec/apptainer/bin/starter-suid', '', 0o4755);
  }

  it('puts home, scratch and a layer on disk before the options, and the image behind them', async () => {
    const words = await launched(['--pid', imageWord, 'sh']);
    const inside = process.getuid?.() === 0 ? '/root' : words[3]?.split(':')[1];
    const [own, layer] = [join(folder, 'scratch/work'), join(folder, 'scratch/layer')];
    const expected = ['--silent', 'run', '--home', `/the/home:${inside}`, '--workdir', own];
    assert.deepEqual(words, [...expected, '--overlay', layer, '--pid', 'docker://x/a:1', 'sh']);
  });

  it('takes the image’s file where it is', async () => {
    await writeFile(join(images(), 'a.sif'), '');
    assert.equal((await launched([imageWord])).at(-1), join(images(), 'a.sif'));
    assert.equal((await launched([imageWord], { file: '/sif/b.sif' })).at(-1), '/sif/b.sif');
  });

  describe('with credentials', () => {
    const auth = () => join(folder, 'auth');
    const own = () => join(folder, 'scratch/image.sif');
    const launchedWith = () => launched([imageWord], { auth: auth() });

    beforeEach(async () => {
      await mkdir(auth());
      await writeFile(join(auth(), 'config.json'), 'canary');
      await mkdir(join(folder, 'scratch'));
    });

    it('fetches the image by them into a file of the task’s own, and removes them', async () => {
      const words = await launchedWith();
      assert.equal(words.at(-1), own());
      // The stand-in wrote there what it was shown.
      assert.equal(await readFile(own(), 'utf8'), 'canary');
      const pulled = (await readFile(join(folder, 'pulled'), 'utf8')).trimEnd().split('\n');
      const by = ['--authfile', join(auth(), 'config.json')];
      assert.deepEqual(pulled, ['--silent', 'pull', '--disable-cache', ...by, own(), 'docker://x/a:1']);
      assert.deepEqual(await readdir(auth()), []);
      // Another attempt of the same run.
      assert.equal((await launchedWith()).at(-1), own());
    });

    it('fetches nothing where the image is, and removes them all the same', async () => {
      await writeFile(join(images(), 'a.sif'), '');
      assert.equal((await launchedWith()).at(-1), join(images(), 'a.sif'));
      assert.deepEqual(await readdir(auth()), []);
      await assert.rejects(readFile(join(folder, 'pulled')), { code: 'ENOENT' });
    });

    it('runs nothing when the image can’t be fetched', async () => {
      await executable('apptainer', fake.replace('cat "$5" >"$6"; exit', 'echo refused >&2; exit 255'));
      await assert.rejects(launchedWith(), { code: 125, stdout: '', stderr: 'refused\n' });
      assert.deepEqual(await readdir(auth()), []);
    });

    it('hands them to no program that reads them from an environment alone', async () => {
      await executable('apptainer', fake.replace('echo --authfile', ':'));
      await assert.rejects(launchedWith(), (error: { code: number; stderr: string }) => {
        assert.match(error.stderr, /too old to read a registry’s credentials/);
        return error.code === 125;
      });
      assert.deepEqual(await readdir(auth()), []);
    });
  });

  it('keeps words as they are, also those that look like its own', async () => {
    const words = ['', '  two ', '$(id)', "it's", '"', '\\', '*', '-n', imageWord, 'ünï'];
    assert.deepEqual((await launched([imageWord, ...words])).slice(-words.length), words);
  });

  it('asks a program that is set-uid root for its user namespaces', async () => {
    await installSetuid();
    await executable('unshare', '#!/bin/sh\nexit 0\n');
    const words = await launched([imageWord]);
    assert(words.includes('--userns') && words.includes('--overlay'), words.join(' '));
  });

  it('is content with a layer in memory where the node has no user namespaces', async () => {
    await installSetuid();
    await executable('unshare', '#!/bin/sh\nexit 1\n');
    const words = await launched([imageWord]);
    assert(words.includes('--writable-tmpfs') && !words.includes('--userns') && !words.includes('--overlay'));
  });

  it('asks for GPUs, and hands on which of them are the job’s', async () => {
    const words = await launched([imageWord], { gpus: 'gpus' });
    assert(words.includes('--nv'));
    assert.equal(words.at(-1), '1,3');
    assert(!(await launched([imageWord])).includes('1,3'));
  });

  it('finds the program by itself', async () => {
    assert.equal((await launched([imageWord], { command: '' }))[1], 'run');
    await rm(program);
    await executable('singularity', fake);
    // A machine that has Apptainer would be asked for it first.
    for (const name of ['sh', 'id', 'mkdir', 'dirname', 'find']) await symlink(await where(name), join(folder, name));
    assert.equal((await launched([imageWord], { command: '' }, folder))[1], 'run');
  });
});

async function where(name: string): Promise<string> {
  return (await run('which', [name])).stdout.trim();
}
