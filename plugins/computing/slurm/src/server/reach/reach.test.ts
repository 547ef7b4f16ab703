import assert from 'node:assert/strict';
import type { ExecResult, Host, TaskHandle } from '@stele/sdk';
import { hasCode } from '@stele/sdk';
import { rejectsWith, testUser } from '@stele/sdk/testing';
import { Cluster } from '../cluster.ts';
import { parseStatus } from '../observe/record.ts';
import { RunningRuns } from '../observe/seen-running.ts';
import { nodeQuestion, parseNode } from '../commands/node.ts';
import { CommandScheduler } from '../commands/scheduler.ts';
import { ownInterface } from './own-interface.ts';
import { Whereabouts } from './whereabouts.ts';

const now = 1_700_000_000;
const key = 'abcdefghij012345';
const socket = '/tmp/stele-abcdefGHI0/sockets/interface';

describe('the interface of a task', () => {
  const record = (...lines: string[]) => parseStatus(['phase=running', 'node=node1', `heartbeat=${now}`, ...lines]);
  const cases: readonly (readonly [string, readonly string[], number | string])[] = [
    ['is the record’s', ['port=20000', 'listening=20000@any'], 20_000],
    ['may be that of a clock ahead', ['port=20000', `heartbeat=${now + 299}`], 20_000],
    ['is of a task that runs', ['port=20000', 'phase=starting'], 'CONFLICT'],
    ['is of a task that has one', [], 'CONFLICT'],
    ['is none of the node’s own', ['port=22'], 'DENIED'],
    ['is none of the node’s own, even the last', ['port=1023'], 'DENIED'],
    ['is a port', ['port=65536'], 'DENIED'],
    ['is nobody else’s', ['port=20000', 'listening=20001@any,20000@foreign'], 'CONFLICT'],
    ['may lie beside somebody else’s', ['port=20000', 'listening=20001@foreign,20000@any'], 20_000],
    ['is of a node that still tells', ['port=20000', `heartbeat=${now - 600}`], 'UNREACHABLE'],
    ['is of a node that tells at all', ['port=20000', 'heartbeat=soon'], 'UNREACHABLE'],
    ['may be a socket', [`socket=${socket}`, 'port=20000'], socket],
    ['is a socket of a node that still tells', [`socket=${socket}`, `heartbeat=${now - 600}`], 'UNREACHABLE'],
    ['is no socket of a task that ended', [`socket=${socket}`, 'phase=ended'], 'CONFLICT'],
    ['is no socket of somebody else’s', ['socket=/run/docker.sock'], 'DENIED'],
    ['is no socket somewhere else', [`socket=${socket}/../../x/sockets/interface`], 'DENIED'],
    ['is a socket with a place', ['socket=stele-abcdefghij/sockets/interface'], 'DENIED'],
  ];
  for (const [what, lines, wanted] of cases) {
    it(what, () => {
      const own = { [typeof wanted === 'number' ? 'port' : 'socket']: wanted };
      if (wanted === socket || typeof wanted === 'number')
        return assert.deepEqual(ownInterface(record(...lines), now), own);
      assert.throws(
        () => ownInterface(record(...lines), now),
        (error) => hasCode(error, wanted as 'DENIED'),
      );
    });
  }
});

describe('where a node is', () => {
  it('is the controller’s word', () => {
    const text =
      'NodeName=n1 Arch=x86_64 Gres=gpu:2 NodeAddr=10.1.2.3 NodeHostName=n1.example Version=24.11.5 OS=Linux';
    assert.deepEqual(parseNode(text), { address: '10.1.2.3', hostName: 'n1.example' });
    assert.deepEqual(parseNode('NodeName=n1 NodeAddr=n1'), { address: 'n1', hostName: 'n1' });
  });

  it('is asked of names alone, and believed of names alone', () => {
    for (const name of ['-M', '', 'a b', 'a\nb', '$(id)']) assert.throws(() => nodeQuestion(name));
    for (const text of ['', 'NodeAddr=-oProxyCommand=x', 'Node n1 not found']) assert.throws(() => parseNode(text));
  });
});

describe('the node of a task', () => {
  const row = (id: string, state: string, node: string) =>
    `${id}|stele-${key}|2001|${state}|${now}|${now}|0|0|${node}|None\n`;
  const handle: TaskHandle = { key, ref: '7', who: testUser };

  /** A cluster that counts its questions. */
  class Answers {
    readonly asked: string[] = [];
    queue = row('7', 'RUNNING', 'n1');
    readonly cluster = clusterOf({ exec: (argv: readonly string[]) => this.#exec(argv) } as unknown as Host);

    async #exec(argv: readonly string[]): Promise<ExecResult> {
      const program = argv.find((word) => word === 'squeue' || word === 'scontrol') ?? '';
      this.asked.push(program);
      const node = `NodeAddr=${argv.at(-1)}.net NodeHostName=${argv.at(-1)}\n`;
      return { exitCode: 0, stderr: '', stdout: program === 'squeue' ? this.queue : node };
    }
  }

  const find = (places: Whereabouts, claimed: string, { cluster }: Answers) =>
    places.find({ resource: 'r', task: handle }, claimed, cluster);

  it('is where its job was seen, whatever the record claims, and costs nothing again', async () => {
    const seen = new RunningRuns();
    const answers = new Answers();
    seen.add(`r/${key}`, { id: '7', key, state: 'RUNNING', reason: '', uid: '1', nodes: ['n1'], restarts: 0 });
    const places = new Whereabouts(seen);
    for (const claimed of ['n1', 'n1.example.org']) {
      assert.equal((await find(places, claimed, answers)).address, 'n1.net');
    }
    assert.deepEqual(answers.asked, ['scontrol']);
    assert.equal((await find(places, 'login', answers)).address, 'n1.net');
    assert.deepEqual(answers.asked, ['scontrol', 'squeue']);
    seen.forget(`r/${key}`);
    answers.queue = row('7', 'RUNNING', 'n2');
    assert.equal((await find(places, 'n1', answers)).address, 'n2.net');
  });

  it('is not that of another job of the same name, nor of one that has ended', async () => {
    const answers = new Answers();
    for (const queue of [row('8', 'RUNNING', 'n3'), row('7', 'COMPLETED', 'n1'), '']) {
      answers.queue = queue;
      await rejectsWith('CONFLICT', find(new Whereabouts(new RunningRuns()), 'n3', answers));
    }
  });
});

function clusterOf(host: Host): Cluster {
  return new Cluster(host, new CommandScheduler(host, never()), never());
}

function never(): AbortSignal {
  return new AbortController().signal;
}
