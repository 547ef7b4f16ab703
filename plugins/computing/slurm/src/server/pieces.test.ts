import assert from 'node:assert/strict';
import type { ContainerEngine, JsonObject, Launch } from '@stele/sdk';
import { hasCode, isSteleError } from '@stele/sdk';
import { Value } from 'typebox/value';
import { confOf } from './conf.ts';
import { parseAllowance } from './commands/accounts.ts';
import { describe as describeCluster } from './description/description.ts';
import { options } from './description/options.ts';
import { parsePartitions } from './commands/partitions.ts';
import { failure, hidesFailure } from './commands/failures.ts';
import { containerOf } from './launch/container.ts';
import { agentSettings, jobFiles, orderOf, previewText, taskFiles } from './launch/job.ts';
import { requestArguments, requestOf } from './launch/request.ts';
import { parseJobId, submitCommand, submitText } from './commands/submit.ts';

const key = 'abcdefghij012345';
const conf = confOf({ conf: {} });
const files = jobFiles({ state: '/home/a/.stele', tasks: '/home/a/.stele/tasks' }, key, 'cafe');

describe('failures of Slurm’s commands', () => {
  it('are understood at whatever length', () => {
    for (const words of ['slurmctld ', 'partition', 'Grp', 'error: ', 'gres ']) {
      const answer = { exitCode: 1, stdout: words.repeat(500_000), stderr: words.repeat(500_000) };
      assert(String(failure('squeue', answer).raw).length < 20_000);
      assert.equal(hidesFailure(answer), false);
    }
  });

  const table: readonly (readonly [string, string, string?])[] = [
    ['sbatch: error: Batch job submission failed: Invalid partition name specified', 'INVALID', 'options.partition'],
    [
      'sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified',
      'INVALID',
      'options.account',
    ],
    [
      'sbatch: error: Batch job submission failed: Pathname of a file, directory or other parameter too long',
      'INVALID',
      'options',
    ],
    ['sbatch: error: Batch job submission failed: Invalid qos specification', 'INVALID', 'options.qos'],
    ['sbatch: error: Batch job submission failed: Requested node configuration is not available', 'INVALID', 'options'],
    ['sbatch: error: Memory specification can not be satisfied', 'INVALID', 'options.memory'],
    ['sbatch: error: Batch job submission failed: Invalid feature specification', 'INVALID', 'options.constraint'],
    [
      'sbatch: error: Batch job submission failed: Invalid generic resource (gres) specification',
      'INVALID',
      'options.gpus',
    ],
    [
      'sbatch: error: Batch job submission failed: Requested time limit is invalid (missing or exceeds some limit)',
      'INVALID',
      'options.time',
    ],
    [
      "sbatch: error: Batch job submission failed: User's group not permitted to use this partition",
      'DENIED',
      'options.partition',
    ],
    [
      "sbatch: error: QOSMaxSubmitJobPerUserLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)",
      'LIMIT',
    ],
    ['slurm_load_jobs error: Socket timed out on send/recv operation', 'UNREACHABLE'],
    ['slurm_load_jobs error: Unable to contact slurm controller (connect failure)', 'UNREACHABLE'],
    ['sbatch: error: Batch job submission failed: Zero Bytes were transmitted or received', 'UNREACHABLE'],
    [
      'sacct: error: slurm_persist_conn_open_without_init: failed to open persistent connection to host:db:6819: Connection refused',
      'UNREACHABLE',
    ],
    ['sbatch: error: If munged is up, restart with --num-threads=10', 'UNREACHABLE'],
    ['slurm_update error: Access/permission denied', 'DENIED'],
    ['Invalid job id specified', 'NOT_FOUND'],
    ['Job is no longer pending execution for job 5', 'CONFLICT'],
    ['sbatch: error: Batch script is green', 'PROTOCOL'],
    ['', 'PROTOCOL'],
  ];
  for (const [stderr, code, field] of table) {
    it(`“${stderr.slice(0, 90)}” is ${code}`, () => {
      const error = failure('sbatch', { exitCode: 1, stderr, stdout: '' });
      assert.deepEqual([error.code, error.field], [code, field]);
    });
  }

  it('are seen in an exit status of 0', () => {
    const said = 'slurm_load_jobs error: Socket timed out on send/recv operation';
    assert(hidesFailure({ exitCode: 0, stdout: '', stderr: said }));
    assert(!hidesFailure({ exitCode: 0, stdout: '', stderr: 'Welcome to the cluster' }));
  });
});

describe('what a job asks for', () => {
  it('is the user’s choice, else the resource’s setting', () => {
    const own = confOf({ conf: { partition: 'debug', time: 600, nodes: 2 } });
    const request = requestOf({ cpus: 2, memory: 1_048_577, gpus: 1, gpuType: 'a100', nodes: 2, qos: 'high' }, own);
    assert.deepEqual(requestArguments(request), [
      '--nodes=2',
      '--ntasks-per-node=1',
      '--cpus-per-task=2',
      '--partition=debug',
      '--qos=high',
      '--gres=gpu:a100:1',
      '--mem=2M',
      '--time=10',
    ]);
  });

  const wrong: readonly JsonObject[] = [
    ...['--wrap=id', 'a b', 'a\nb', '`id`', '$(id)', "a'b", 'a"b', '-x', 'a;b', 'ä', 'x'.repeat(10_000), 'a\0'].flatMap(
      (text) => ['partition', 'account', 'qos', 'constraint', 'gpuType'].map((name) => ({ [name]: text })),
    ),
    ...[0, -1, 1.5, 1e9, Number.NaN, '1', '$(id)'].map((cpus) => ({ cpus })),
    { memory: '1G' },
    { time: -5 },
    { nodes: 2 },
    { gpus: -1 },
    { partition: ['a'] },
  ];
  it('is refused by its field when it is anything else', () => {
    for (const one of wrong) {
      const [name = ''] = Object.keys(one);
      assert.throws(
        () => requestOf(one, conf),
        (error) => hasCode(error, 'INVALID') && error.field === `options.${name}`,
        JSON.stringify(one).slice(0, 80),
      );
    }
  });
});

const secret = 'canary-1';
const launch: Launch = {
  key,
  name: 'x"; rm -rf /',
  image: { registry: 'localhost', repository: 'a', tag: '1' },
  interface: { port: 8888, protocol: 'http', transport: 'tcp' },
  env: { SECRET: secret },
  binds: [],
  options: {},
};
const engine = {
  capabilities: { portMapping: false },
  command: ({ env, image }: { env: object; image: object }) => ({
    argv: ['run', JSON.stringify(image)],
    stdin: JSON.stringify(env),
  }),
} as unknown as ContainerEngine;

describe('a job', () => {
  const container = containerOf(launch, engine, conf);
  const { command } = container;
  const order = orderOf(key, requestOf({}, conf), conf, files);
  const submit = submitCommand(order);

  it('has its words neither in the command nor in the script', () => {
    const text = [...submit, order.script].join('\n');
    assert(!text.includes(secret) && !text.includes('rm -rf /'));
    assert(submit.includes(`--job-name=stele-${key}`) && submit.includes('--no-requeue'));
    assert(submit.includes('--dependency=singleton'));
  });

  it('is shown without secrets', () => {
    const text = previewText(submitText(order), command, launch.env);
    assert(text.includes(key) && text.includes('SECRET=…') && !text.includes(secret));
  });

  it('has its secrets in files', () => {
    const written = taskFiles({ ...command, env: { A: 'b' } }, agentSettings(conf, container));
    assert.match(written['stdin'] ?? '', /canary-1/);
    assert.equal(written['env'], 'A=b\n');
    assert.match(written['settings'] ?? '', /^port=8888\nlisten=any\n/);
    assert.match(written['command'] ?? '', /^run\n/);
  });

  it('hands the credentials for its image to an engine, and to nobody else', () => {
    const credentials = { username: 'ada', password: 'canary-2' };
    const asked: unknown[] = [];
    const asking = {
      ...engine,
      command: (spec: { credentials?: object }) => {
        asked.push(spec.credentials);
        return { argv: ['run'], stdin: '', auth: 'secret' };
      },
    } as unknown as ContainerEngine;
    const told = containerOf({ ...launch, credentials }, asking, conf);
    assert.deepEqual(asked, [credentials]);
    const { auth, ...others } = taskFiles(told.command, agentSettings(conf, told));
    assert.equal(auth, 'secret');
    assert(!JSON.stringify(others).includes('secret'));
    assert.equal(taskFiles({ argv: ['run'], stdin: '' }, {})['auth'], undefined);
    assert(!previewText(submitText(order), told.command, launch.env).includes('secret'));
  });

  it('has a socket where the software takes one, the engine has one, and the way leads to its node', () => {
    const able = {
      title: 'Able',
      capabilities: { portMapping: false, sockets: true },
      command: (spec: object) => ({ argv: [JSON.stringify(spec)], stdin: '' }),
    } as unknown as ContainerEngine;
    const software = { ...launch, interface: { ...launch.interface, takesSocket: true } };
    const [jump, login] = ['jump', 'login'].map((reach) => confOf({ conf: { reach, openInterfaces: 'refuse' } }));
    assert(jump && login);
    const own = containerOf(software, able, jump);
    const spec = JSON.parse(own.command.argv[0] ?? '') as JsonObject;
    assert.deepEqual([spec['takesSocket'], spec['port']], [true, undefined]);
    const { socket, port } = agentSettings(jump, own);
    assert.deepEqual([socket, port], ['yes', undefined]);
    for (const refused of [
      () => containerOf(software, able, login),
      () => containerOf(software, engine, jump),
      () => containerOf(launch, able, jump),
    ]) {
      assert.throws(refused, (error) => hasCode(error, 'DENIED') && error.field === 'software');
    }
  });

  it('gives the agent’s port to an image that takes one', () => {
    const taking = containerOf({ ...launch, env: { BASE_PORT: '8888' } }, engine, conf);
    assert.equal(taking.port, undefined);
    assert.match(taking.command.stdin, /@STELE_PORT@/);
  });

  it('takes no variable that would become another, and no UDP', () => {
    for (const env of [{ 'A=B': 'c' }, { A: 'b\nc' }, { A: 'b\0' }, { 'A\n': 'b' }] as Record<string, string>[]) {
      assert.throws(
        () => containerOf({ ...launch, env }, engine, conf),
        (error) => hasCode(error, 'INVALID'),
      );
    }
    const udp = { ...launch, interface: { ...launch.interface, transport: 'udp' as const } };
    assert.throws(
      () => containerOf(udp, engine, conf),
      (error) => isSteleError(error) && error.code === 'UNSUPPORTED',
    );
  });

  const all = { portMapping: true, gpus: true };
  const mapping = { title: 'M', capabilities: all, command: (spec: object) => ({ argv: [JSON.stringify(spec)] }) };
  const made = (more: JsonObject, gpus = 0): Record<string, unknown> => {
    const { command: of } = containerOf(launch, mapping as unknown as ContainerEngine, confOf({ conf: more }), gpus);
    return JSON.parse(of.argv[0] ?? '') as Record<string, unknown>;
  };

  it('is published where the way to it leads, on the agent’s port', () => {
    assert.deepEqual(made({})['publish'], { host: '0.0.0.0', port: '@STELE_PORT@' });
    assert.deepEqual(made({ reach: 'jump' })['publish'], { host: '127.0.0.1', port: '@STELE_PORT@' });
  });

  it('sees GPUs when it asked for some, in an engine that gives them', () => {
    assert.equal(made({}, 2)['gpus'], true);
    assert.equal(made({})['gpus'], undefined);
    assert.throws(
      () => containerOf(launch, engine, conf, 1),
      (error) => hasCode(error, 'INVALID') && error.field === 'options.gpus',
    );
  });

  it('takes no port that only root may have', () => {
    const low = { ...launch, interface: { ...launch.interface, port: 80 } };
    assert.throws(
      () => containerOf(low, engine, conf),
      (error) => hasCode(error, 'UNSUPPORTED') && error.field === 'interface',
    );
    assert.equal(containerOf({ ...low, env: { BASE_PORT: '80' } }, engine, conf).port, undefined);
    assert.equal(containerOf(low, mapping as unknown as ContainerEngine, conf).port, undefined);
  });

  it('is refused without a password where the operator wants one and others get to it', () => {
    const guarded = (reach: string) => confOf({ conf: { openInterfaces: 'refuse', reach } });
    const refuse = (by: object, reach: string) => () => containerOf(launch, by as ContainerEngine, guarded(reach));
    for (const open of [refuse(engine, 'login'), refuse(engine, 'jump'), refuse(mapping, 'login')]) {
      assert.throws(open, (error) => hasCode(error, 'DENIED') && error.field === 'software');
    }
    refuse(mapping, 'jump')();
    containerOf({ ...launch, env: { AUTH_PASS: 'x' } }, engine, guarded('login'));
  });

  it('is known by the number that sbatch prints', () => {
    assert.deepEqual(['12\n', '12;cluster\n', 'Welcome 5!\n12\n'].map(parseJobId), ['12', '12', '12']);
    for (const text of ['', 'Submitted batch job 12', '0', '-1']) {
      assert.throws(
        () => parseJobId(text),
        (error) => hasCode(error, 'PROTOCOL'),
      );
    }
  });
});

describe('what a cluster offers', () => {
  const partitions = parsePartitions(
    [
      'PartitionName=long AllowGroups=ALL Default=NO DefaultTime=NONE MaxNodes=UNLIMITED MaxTime=UNLIMITED State=UP',
      'PartitionName=debug AllowGroups=ALL Default=YES DefaultTime=00:10:00 MaxNodes=2 MaxTime=1-12 State=UP',
      'PartitionName=gone Default=NO MaxTime=UNLIMITED State=DOWN',
    ].join('\n'),
    'debug|3|4|4000|gpu:fake:2(S:0)|avx,ib\ndebug|1|8+|2000+|gpu:fake:1|avx\nlong|1|2|1800|(null)|(null)\n',
  );
  const described = describeCluster(
    {
      partitions,
      version: '24.11.5',
      architecture: 'amd64',
      allowance: parseAllowance('users|normal,high\nusers|normal\n', 'users\n'),
    },
    [{ id: 'one', title: 'One', engine }],
    { engines: [], conf: {} },
  );

  it('is its partitions with their best nodes, the default first', () => {
    assert.deepEqual(
      partitions.map(({ name }) => name),
      ['debug', 'long'],
    );
    const [first] = partitions;
    assert.deepEqual(
      [first?.cpus, first?.gpus, first?.maxTime, first?.defaultTime, first?.nodes],
      [8, { fake: 2 }, 129_600, 600, 4],
    );
    assert.deepEqual(first?.features, ['avx', 'ib']);
  });

  it('becomes a form', () => {
    const schema = options(conf, described) as {
      properties: Record<string, Record<string, unknown>>;
      allOf: readonly unknown[];
    };
    assert.deepEqual(Object.keys(schema.properties).sort(), [
      'account',
      'constraint',
      'cpus',
      'gpuType',
      'gpus',
      'memory',
      'partition',
      'qos',
      'time',
    ]);
    assert.equal(schema.properties['partition']?.['default'], 'debug');
    assert.equal(schema.properties['account']?.['default'], 'users');
    assert.equal(schema.allOf.length, 2);
  });

  it('says who else gets to interfaces', () => {
    assert.match(described.exposures?.['one']?.says ?? '', /asks for no password/);
    assert.equal(described.exposures?.['one']?.isRefused, false);
  });

  it('has no account where nothing is charged', () => {
    assert.deepEqual(parseAllowance('', ''), { accounts: [], qos: [] });
  });
});

describe('limits of partitions', () => {
  const partitions = parsePartitions(
    'PartitionName=a Default=YES MaxTime=60 State=UP\nPartitionName=b Default=NO MaxTime=120 State=UP',
    'a|1|1|1000|(null)|(null)\nb|1|2|2000|(null)|(null)',
  );
  const facts = { partitions, version: '24.11', allowance: parseAllowance('', '') };
  const description = describeCluster(facts, [], { engines: [], conf: {} });
  const schema = options(conf, description);

  it('are told by the choice of partition, so the launch form needn’t repeat them', () => {
    assert.deepEqual(
      description.facts.map(({ label, isChoice = false }) => [label, isChoice]),
      [
        ['Slurm', false],
        ['Partition a', true],
        ['Partition b', true],
      ],
    );
  });

  const cases: readonly (readonly [JsonObject, boolean])[] = [
    [{ time: 3_600, cpus: 1 }, true],
    [{ time: 7_200 }, false],
    [{ partition: 'a', time: 7_200 }, false],
    [{ partition: 'b', time: 7_200, cpus: 2 }, true],
    [{ partition: 'b', time: 7_201 }, false],
    [{ cpus: 2 }, false],
    [{ partition: 'c' }, false],
    [{ other: 1 }, false],
  ];
  for (const [choice, isRight] of cases) {
    it(`${JSON.stringify(choice)} is ${isRight ? 'right' : 'wrong'}`, () => {
      assert.equal(Value.Check(schema as never, choice), isRight);
    });
  }
});
