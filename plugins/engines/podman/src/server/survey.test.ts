import assert from 'node:assert/strict';
import { type ExecResult, hasCode, type Host } from '@stele/sdk';
import { Cli, type Survey } from '@stele/sdk/oci-cli';
import { Value } from 'typebox/value';
import { type PodmanSettings, settings } from '../settings.ts';
import { podmanDialect } from './dialect.ts';
import { networkFor } from './survey.ts';

interface Scripted {
  readonly info?: Record<string, unknown>;
  readonly runtimes?: readonly string[];
  readonly proc?: string;
  readonly rootless?: boolean;
}

const hybrid = 'cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0\ncgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n';

/** A host that answers as one would, for states that this machine can't be brought into. */
function scripted({ info = {}, runtimes = ['crun'], proc = 'systemd\n', rootless = false }: Scripted): Host {
  const host = {
    arch: 'amd64',
    cgroupVersion: 'v2',
    cgroupManager: 'systemd',
    eventLogger: 'journald',
    ociRuntime: { name: 'crun' },
    security: { rootless, selinuxEnabled: false },
    ...info,
  };
  const answer = (argv: readonly string[]): ExecResult => {
    if (argv[0] === 'cat') return { exitCode: 0, stdout: proc, stderr: '' };
    const named = argv[argv.indexOf('--runtime') + 1] ?? '';
    if (!argv.includes('--runtime'))
      return { exitCode: 0, stdout: JSON.stringify({ host, version: { Version: '5.0.0' } }), stderr: '' };
    if (runtimes.includes(named)) return { exitCode: 0, stdout: '', stderr: '' };
    return { exitCode: 125, stdout: '', stderr: `Error: default OCI runtime "${named}" not found: invalid argument` };
  };
  return { name: 'the host', exec: async (argv: readonly string[]) => answer(argv) } as unknown as Host;
}

function surveyOf(host: Scripted, parts: Partial<PodmanSettings> = {}): Promise<Survey> {
  const dialect = podmanDialect(Value.Default(settings, { ...parts }) as PodmanSettings);
  return dialect.survey(new Cli(scripted(host), dialect), AbortSignal.timeout(1_000));
}

const bridge = { kind: 'own', createArguments: ['--opt', 'isolate=true', '--disable-dns'] };
const slirp = { kind: 'mode', mode: 'slirp4netns:allow_host_loopback=false' };
const pasta = { kind: 'mode', mode: 'pasta:--no-map-gw' };

/** Whether it is rootless, its network backend and its version, and the network that containers get. */
const networks: readonly (readonly [boolean, string | undefined, string, unknown])[] = [
  [false, 'netavark', '4.3.1', bridge],
  [false, 'netavark', '5.4.2', bridge],
  [false, 'cni', '4.3.1', slirp],
  [false, undefined, '4.0.0', slirp],
  [true, 'netavark', '4.9.4', slirp],
  [true, 'netavark', '5.0.0', pasta],
  [true, 'netavark', '10.0.0', pasta],
];

describe('the network of Podman’s containers', () => {
  for (const [rootless, networkBackend, version, network] of networks) {
    it(`${rootless ? 'without' : 'with'} root, ${networkBackend ?? 'nothing'} and ${version}`, () => {
      const security = { rootless, selinuxEnabled: false };
      const host = { security, ...(networkBackend === undefined ? {} : { networkBackend }) };
      assert.deepEqual(networkFor(host, version), network);
    });
  }
});

describe('a look at Podman', () => {
  it('leaves a modern host alone', async () => {
    const { traits, status } = await surveyOf({ runtimes: ['crun', 'runc'] });
    assert.deepEqual(traits.globalArguments, []);
    assert.equal(traits.runtime, undefined);
    assert.deepEqual(traits.ulimits, []);
    assert.deepEqual(status, {
      version: '5.0.0',
      runtimes: ['crun', 'runc'],
      architecture: 'amd64',
      rootless: false,
      limits: true,
    });
  });

  it('takes runc where crun can’t work', async () => {
    const { traits, status } = await surveyOf({ runtimes: ['crun', 'runc'], proc: `systemd\n${hybrid}` });
    assert.equal(traits.runtime, 'runc');
    assert.deepEqual(status.runtimes, ['runc']);
  });

  it('says what to install where only crun is there and can’t work', async () => {
    await assert.rejects(
      surveyOf({ proc: `systemd\n${hybrid}` }),
      (error) => hasCode(error, 'UNSUPPORTED') && /runc/.test(error.message),
    );
  });

  it('takes the runtime that the settings name', async () => {
    const { traits, status } = await surveyOf({ runtimes: ['crun', 'runc'] }, { runtime: 'runc' });
    assert.equal(traits.runtime, 'runc');
    assert.deepEqual(status.runtimes, ['runc', 'crun']);
  });

  it('turns away from systemd where there is none', async () => {
    const { traits } = await surveyOf({ proc: 'tini\n' });
    assert.deepEqual(traits.globalArguments, ['--cgroup-manager', 'cgroupfs', '--events-backend', 'file']);
  });

  it('knows that limits are ignored without root on control groups of version 1', async () => {
    const { status, traits } = await surveyOf({ rootless: true, info: { cgroupVersion: 'v1' } });
    assert.deepEqual([status.limits, traits.limits], [false, false]);
    assert.equal((await surveyOf({ rootless: true })).status.limits, true);
  });

  it('does not understand what isn’t an answer', async () => {
    await assert.rejects(surveyOf({ info: { security: null } }), (error) => hasCode(error, 'PROTOCOL'));
  });
});
