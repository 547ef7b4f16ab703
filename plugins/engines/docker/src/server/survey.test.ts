import assert from 'node:assert/strict';
import { type ErrorCode, type ExecResult, hasCode, type Host } from '@stele/sdk';
import { Cli, type Survey } from '@stele/sdk/oci-cli';
import { Value } from 'typebox/value';
import { type DockerSettings, settings } from '../settings.ts';
import { dockerDialect } from './dialect.ts';

/** The part of Docker 20.10's answer that is read. */
const info = {
  ServerVersion: '20.10.24',
  Architecture: 'x86_64',
  DefaultRuntime: 'runc',
  Runtimes: { crun: {}, 'io.containerd.runc.v2': {}, runc: {} },
  InitBinary: 'docker-init',
  MemoryLimit: true,
  SecurityOptions: ['name=seccomp,profile=default'],
};

/** A host whose client answers so. */
function surveyOf(result: Partial<ExecResult>, parts: Partial<DockerSettings> = {}): Promise<Survey> {
  const exec = async (): Promise<ExecResult> => ({ exitCode: 0, stdout: '', stderr: '', ...result });
  const host = { name: 'the host', exec } as unknown as Host;
  const dialect = dockerDialect(Value.Default(settings, { ...parts }) as DockerSettings);
  return dialect.survey(new Cli(host, dialect), AbortSignal.timeout(1_000));
}

const failures: readonly (readonly [string, Partial<ExecResult>, ErrorCode])[] = [
  ['no daemon', { exitCode: 1, stderr: 'Cannot connect to the Docker daemon at unix:///x.' }, 'UNSUPPORTED'],
  [
    'no daemon, with 0',
    { stdout: JSON.stringify({ ServerErrors: ['Cannot connect to the Docker daemon at unix:///x.'] }) },
    'UNSUPPORTED',
  ],
  [
    'no right',
    { exitCode: 1, stderr: 'permission denied while trying to connect to the Docker daemon socket' },
    'DENIED',
  ],
  ['nothing', {}, 'PROTOCOL'],
  ['garbage', { stdout: '<html>' }, 'PROTOCOL'],
];

describe('a look at Docker', () => {
  it('knows its runtimes, the default first', async () => {
    const { status, traits } = await surveyOf({ stdout: JSON.stringify(info) });
    assert.deepEqual(status, {
      version: '20.10.24',
      runtimes: ['runc', 'crun'],
      architecture: 'amd64',
      rootless: false,
      limits: true,
    });
    assert.deepEqual([traits.runtime, traits.init, traits.selinux], [undefined, true, false]);
  });

  it('puts containers into a network that keeps them apart', async () => {
    const { network } = (await surveyOf({ stdout: JSON.stringify(info) })).traits;
    assert(network?.kind === 'shared');
    assert(network.createArguments.includes('com.docker.network.bridge.enable_icc=false'));
    assert(network.createArguments.includes(`com.docker.network.bridge.name=${network.name}`));
    assert(network.name.length <= 15, 'longer than a network interface may be called');
  });

  it('takes the runtime that the settings name', async () => {
    const { status, traits } = await surveyOf({ stdout: JSON.stringify(info) }, { runtime: 'crun' });
    assert.deepEqual([status.runtimes[0], traits.runtime], ['crun', 'crun']);
  });

  it('knows a daemon without root and limits', async () => {
    const rootless = { ...info, SecurityOptions: ['name=rootless'], MemoryLimit: false, InitBinary: '' };
    const { status, traits } = await surveyOf({ stdout: JSON.stringify(rootless) });
    assert.deepEqual([status.rootless, status.limits, traits.limits, traits.init], [true, false, false, false]);
  });

  for (const [what, result, code] of failures) {
    it(`says ${code} to ${what}`, async () => {
      await assert.rejects(surveyOf(result), (error) => hasCode(error, code));
    });
  }
});
