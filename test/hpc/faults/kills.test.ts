import assert from 'node:assert/strict';
import type { Task } from '@stele/sdk/api';
import { type ApiClient, type Platform, skip } from '../../e2e/lib/index.ts';
import { Crowd } from '../../faults/lib/crowd.ts';
import { sessionAt } from '../../replicas/lib/pair.ts';
import { ClusterStage } from '../lib/cluster-stage.ts';
import { demandEntry, type Field, kills } from '../lib/moments.ts';
import { occupyLong } from '../lib/occupied.ts';
import { alone, pair, type Reign } from '../lib/reign.ts';
import { slurmPlace } from '../lib/slurm-place.ts';

/** How it goes on after a kill. */
const ways = {
  'is started again': alone,
  'has another beside it that goes on': pair,
} as const;

/** Software by what its environment says. */
const echoes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Echo: {},
  Slow: { ECHO_START_DELAY: '8' },
  Brief: { ECHO_EXIT_CODE: '3', ECHO_EXIT_AFTER: '6', ECHO_LOG_LINES: '20' },
  Stubborn: { ECHO_IGNORE_TERM: '1' },
};

describe('a platform in front of a cluster, killed with -9', function () {
  this.timeout(120_000);
  let stage: ClusterStage;

  before(async function () {
    this.timeout(900_000);
    const opened = await ClusterStage.open({ suite: 'trixie' });
    if (typeof opened === 'string') return skip(this, opened);
    stage = opened;
  });
  after(() => stage?.[Symbol.asyncDispose]());

  for (const [way, open] of Object.entries(ways)) {
    describe(`that ${way}`, () => {
      let reign: Reign;
      let session: ApiClient;
      let crowd: Crowd;
      let occupied: AsyncDisposable;

      before(async function () {
        const opened = await open(stage.siteFile);
        if (typeof opened === 'string') return skip(this, opened);
        reign = opened;
        occupied = await occupyLong(stage.site);
        session = await first(reign).logIn();
        await stage.addCluster(session, { partition: 'shared', memory: 128 * 1024 ** 2, time: 600, grace: 3 });
        for (const [name, env] of Object.entries(echoes)) await stage.addEcho(session, name, env);
        crowd = new Crowd(slurmPlace(stage.site, stage.user), 'Cluster');
      });
      after(async () => {
        await occupied?.[Symbol.asyncDispose]();
        await reign?.[Symbol.asyncDispose]();
      });

      const field = (): Field => ({
        ...{ site: stage.site, user: stage.user, crowd, platforms: reign.platforms },
        // The session is that of the beginning, whoever is asked.
        api: sessionAt(first(reign), session),
        freeLong: async () => occupied[Symbol.asyncDispose](),
      });

      for (const { name, moments } of kills) {
        describe(name, () => {
          const demands = new Map<string, (field: Field) => Promise<unknown>>();

          before(async () => {
            for (const moment of moments) demands.set(moment.name, await moment.act(field()));
            await reign.kill();
            await crowd.demandPromises(field().api);
            await crowd.insist(field().api);
          });
          after(() => reign.mend());

          for (const moment of moments) it(moment.name, () => demands.get(moment.name)?.(field()));
        });
      }

      describe('in the end', () => {
        it('tells the same wherever it is asked', async () => {
          const told = reign.platforms.map(async (platform) => {
            const tasks = await sessionAt(platform, session).items<Task>('/tasks?limit=200');
            return tasks.map(({ key, phase, outcome }) => ({ key, phase, outcome }));
          });
          const [one, ...others] = await Promise.all(told);
          for (const other of others) assert.deepEqual(other, one);
          await crowd.demandPromises(field().api);
        });

        it('lets whoever is in a task in wherever they come', async () => {
          const [wish] = crowd.alive('Echo');
          using visitor = await field().api.enter(wish?.id ?? '');
          for (const platform of reign.platforms) await demandEntry(platform, visitor);
        });

        it('has started each task once', async () => {
          const starts = await crowd.starts();
          assert.equal(starts.size, crowd.wishes.length);
          assert.deepEqual(
            [...starts].filter(([, count]) => count !== 1),
            [],
          );
        });

        it('leaves nothing on the cluster', async () => {
          const { api } = field();
          // All at a time: each may take its grace.
          const alive = crowd.wishes.filter(({ stop, deletion }) => !stop && !deletion);
          await Promise.all(alive.map((wish) => crowd.stop(api, wish)));
          await api.clear();
          await stage.demandNothingLeft();
        });
      });
    });
  }
});

function first({ platforms: [platform] }: Reign): Platform {
  assert(platform);
  return platform;
}
