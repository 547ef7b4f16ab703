import assert from 'node:assert/strict';
import { type ContainerSpec, hasCode } from '@stele/sdk';
import type { SingularitySettings } from '../settings.ts';
import { command } from './command.ts';
import { imageWord } from './launch.ts';

const settings: SingularitySettings = { command: '', imageFolder: '', imageFiles: {}, insecureRegistries: [] };
const spec: ContainerSpec = {
  name: 'stele-a',
  image: { registry: 'docker.io', repository: 'library/debian', tag: '13' },
  env: { SECRET: 'canary' },
  binds: [],
  labels: {},
};

function made(parts: Partial<ContainerSpec> = {}, choices: Partial<SingularitySettings> = {}) {
  const { argv, stdin, env = {} } = command({ ...spec, ...parts }, { ...settings, ...choices });
  return { argv, stdin, env, choices: argv.slice(4, 12), options: argv.slice(12) };
}

const mounts: readonly (readonly [string, string, boolean, string])[] = [
  ['/a', '/t', false, 'type=bind,source=/a,destination=/t'],
  ['/a b', '/t', true, 'type=bind,source=/a b,destination=/t,ro'],
  ['/a,b', '/t:u', false, 'type=bind,"source=/a,b",destination=/t:u'],
  ['/a"b', '/t,ro', false, 'type=bind,"source=/a""b","destination=/t,ro"'],
  ['/-x=y', '/ünï', false, 'type=bind,source=/-x=y,destination=/ünï'],
];

const plain: readonly (readonly [string, boolean])[] = [
  ['docker.io', false],
  ['localhost:5000', true],
  ['127.0.0.1:5000', true],
  ['127.0.0.1.example.org', false],
  ['localhost.example.org:5000', false],
  ['registry.site:5000', true],
  ['registry.site', false],
];

describe('the command of a container', () => {
  it('isolates', () => {
    const { options } = made({ args: ['--containall', imageWord] });
    assert.deepEqual(options, ['--containall', '--cleanenv', '--pid', imageWord, '--containall', imageWord]);
  });

  it('names the image as a file and as an address', () => {
    const [program, folder, file, uri, gpus, home, scratch] = made().choices;
    assert.deepEqual([program, folder, gpus], ['', '', '']);
    assert.match(file ?? '', /^debian-[0-9a-f]{16}\.sif$/);
    assert.equal(uri, 'docker://docker.io/library/debian:13');
    assert.deepEqual([home, scratch], ['@STELE_HOME@', '@STELE_SCRATCH@']);
  });

  it('keeps images apart that read alike', () => {
    const files = ['13', '12', undefined].map(
      (tag) =>
        made({ image: { registry: 'docker.io', repository: 'library/debian', ...(tag === undefined ? {} : { tag }) } })
          .choices[2],
    );
    assert.equal(new Set(files).size, 3);
  });

  it('takes a digest, and a file of the operator’s', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    assert.equal(made({ image: { ...spec.image, digest } }).choices[3], `docker://docker.io/library/debian@${digest}`);
    const { choices } = made({}, { imageFiles: { 'docker.io/library/debian:13': '/sif/debian.sif' } });
    assert.equal(choices[2], '/sif/debian.sif');
  });

  it('asks no registry for an image of somebody’s own machine', () => {
    const image = { registry: 'localhost', repository: 'stele/notebook', tag: '1' };
    assert.throws(
      () => made({ image }),
      (error) => hasCode(error, 'NOT_FOUND') && error.field === 'image',
    );
    const imageFiles = { 'localhost/stele/notebook:1': '/sif/notebook.sif' };
    assert.equal(made({ image }, { imageFiles }).choices[2], '/sif/notebook.sif');
  });

  it('asks for GPUs where they are wanted', () => assert.equal(made({ gpus: true }).choices[4], 'gpus'));

  for (const [source, target, readOnly, expected] of mounts) {
    it(`binds ${source} to ${target}`, () => {
      const { options } = made({ binds: [{ source, target, readOnly }] });
      assert.deepEqual(options.slice(3, 5), ['--mount', expected]);
    });
  }

  for (const [registry, isPlain] of plain) {
    it(`speaks ${isPlain ? 'plain HTTP' : 'TLS'} to ${registry}`, () => {
      const { env } = made({ image: { registry, repository: 'a' } }, { insecureRegistries: ['registry.site:5000'] });
      assert.equal(env['APPTAINER_NOHTTPS'], isPlain ? '1' : undefined);
    });
  }

  it('hands the environment over literally, and never in an argument', () => {
    const { argv, env, stdin } = made({ env: { SECRET: 'canary', X: ' $(id) "q" ' } });
    assert(!argv.join('\n').includes('canary'));
    assert.equal(stdin, '');
    for (const prefix of ['APPTAINER', 'SINGULARITY']) {
      assert.equal(env[`${prefix}ENV_X`], ' $(id) "q" ');
      assert.equal(env[`${prefix}_NO_EVAL`], '1');
    }
  });

  it('hands credentials over in a file alone', () => {
    const credentials = { username: 'ada', password: 'canary-2' };
    const { auth, ...rest } = command({ ...spec, credentials }, settings);
    const secret = Buffer.from('ada:canary-2').toString('base64');
    const names = ['docker.io', 'https://index.docker.io/v1/'];
    assert.deepEqual(JSON.parse(auth ?? ''), {
      auths: Object.fromEntries(names.map((name) => [name, { auth: secret }])),
    });
    assert.equal(rest.argv[11], '@STELE_AUTH@');
    for (const text of ['canary-2', secret]) assert(!JSON.stringify(rest).includes(text));
    assert.equal(command(spec, settings).auth, undefined);
    assert.equal(command(spec, settings).argv[11], '');
  });

  it('moves the port to where the agent finds room, if the image lets it be moved', () => {
    assert.equal(made({ port: 8888, env: { BASE_PORT: '8888' } }).env['APPTAINERENV_BASE_PORT'], '@STELE_PORT@');
    assert.equal(made({ port: 8888 }).env['APPTAINERENV_BASE_PORT'], undefined);
    assert.equal(made({ env: { BASE_PORT: '8888' } }).env['APPTAINERENV_BASE_PORT'], '8888');
  });

  it('has a socket for an interface that is one, and no port', () => {
    const { env, options } = made({
      takesSocket: true,
      port: 8888,
      binds: [{ source: '/a', target: '/t', readOnly: true }],
    });
    assert.equal(env['APPTAINERENV_BASE_SOCKET'], '/run/stele/interface');
    const mounts = options.filter((_, index) => options[index - 1] === '--mount');
    const own = 'type=bind,source=@STELE_SOCKETS@,destination=/run/stele';
    assert.deepEqual(mounts, [own, 'type=bind,source=/a,destination=/t,ro']);
    assert.equal(made({ port: 8888 }).env['APPTAINERENV_BASE_SOCKET'], undefined);
  });

  it('has no line break in any argument', () => {
    assert(made().argv.every((argument) => !argument.includes('\n')));
    assert.throws(
      () => made({ args: ['a\nb'] }),
      (error) => hasCode(error, 'INVALID') && error.field === 'args',
    );
  });

  const refused: readonly (readonly [Partial<ContainerSpec>, string, string])[] = [
    [{ memory: 64e6 }, 'UNSUPPORTED', 'memory'],
    [{ cpus: 1 }, 'UNSUPPORTED', 'cpus'],
    [{ runtime: 'runc' }, 'INVALID', 'engine.runtime'],
    [{ name: '--help' }, 'INVALID', 'name'],
    [{ env: { A: 'x\ny' } }, 'INVALID', 'env.A'],
    [{ env: { 'A B': 'x' } }, 'INVALID', 'env'],
    [{ image: { registry: '--x', repository: 'a' } }, 'INVALID', 'image'],
    [{ binds: [{ source: '/a', target: '/', readOnly: true }] }, 'INVALID', 'binds.0.target'],
  ];
  for (const [parts, code, field] of refused) {
    it(`refuses ${JSON.stringify(parts)}`, () => {
      assert.throws(
        () => made(parts),
        (error) => hasCode(error, code as 'INVALID') && error.field === field,
      );
    });
  }
});
