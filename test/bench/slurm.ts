/**
 * `npm run bench:slurm`: from asking for a task until its job has a number, beside bare `sbatch` of the same script by OpenSSH on a
 * connection that is kept; in turn, on the little site of the tests. The jobs wait, so that none of them costs anything. Needs root;
 * about a minute.
 */
import { randomBytes } from 'node:crypto';
import type { NewTask, Task, TaskPreview } from '@stele/sdk/api';
import { type ApiClient, Platform } from '../e2e/lib/index.ts';
import { ClusterStage } from '../hpc/lib/cluster-stage.ts';
import { occupyLong } from '../hpc/lib/occupied.ts';
import { closeSites } from '../hpc/lib/site.ts';
import { Bare } from './slurm/bare.ts';
import { Phases } from './slurm/phases.ts';
import { percentile } from './ssh/contest.ts';
import { table } from './table.ts';

const rounds = 30;
const options = { partition: 'long', cpus: 1, memory: 128 * 1024 ** 2, time: 600 };

try {
  console.log(`\n${table([['milliseconds', 'median', 'p90', 'target'], ...(await measure())])}`);
} finally {
  await closeSites();
}

async function measure(): Promise<string[][]> {
  const stage = await ClusterStage.open({ suite: 'trixie' });
  if (typeof stage === 'string') throw new Error(stage);
  await using owned = new AsyncDisposableStack();
  owned.use(stage);
  owned.use(await occupyLong(stage.site));
  const platform = owned.use(await Platform.start({ site: stage.siteFile }));
  const api = await platform.logIn();
  const { computing } = await stage.addCluster(api);
  const wish = { computing, software: (await stage.addEcho(api)).id, options };
  const bare = owned.use(await Bare.open(stage.site, stage.user));
  const phases = owned.use(await Phases.listen(api));
  const submit = await bareSubmission(api, wish);
  const seen: Record<'bare' | 'accepted' | 'submitted', number>[] = [];
  // The first one fetches the image.
  for (let round = -2; round < rounds; round += 1) {
    const figures = { bare: await timed(() => submit(bare)), ...(await launch(api, phases, wish)) };
    if (round >= 0) seen.push(figures);
  }
  await api.clear();
  const row = (what: string, pick: (figures: (typeof seen)[number]) => number, target = ''): string[] => {
    const times = seen.map(pick);
    return [what, percentile(times, 0.5).toFixed(0), percentile(times, 0.9).toFixed(0), target];
  };
  return [
    row('ssh login sbatch', ({ bare }) => bare),
    row('POST /tasks is answered', ({ accepted }) => accepted),
    row('its job has a number', ({ submitted }) => submitted),
    row('that beyond ssh login sbatch', ({ bare, submitted }) => submitted - bare, '≤ 300'),
  ];
}

/** The platform's own command and script for such a task, under another name. */
async function bareSubmission(api: ApiClient, wish: NewTask): Promise<(bare: Bare) => Promise<unknown>> {
  const { text } = await api.must<TaskPreview>('POST', '/tasks/preview', wish);
  const [, command = '', script = ''] = /^(sbatch .*) <<'EOF'\n(.*?)^EOF$/ms.exec(text) ?? [];
  const named = command.replace(/--job-name=\S+/, '--job-name=bare').replace(/--output=\S+/, '--output=/dev/null');
  if (named === command) throw new Error(`the preview has no command:\n${text}`);
  return (bare) => bare.run([], named, script);
}

async function launch(
  api: ApiClient,
  phases: Phases,
  wish: NewTask,
): Promise<{ readonly accepted: number; readonly submitted: number }> {
  const key = randomBytes(8).toString('hex');
  const hasNumber = phases.until(key, ({ phase }) => phase !== 'submitting');
  const start = performance.now();
  const { id } = await api.must<Task>('POST', '/tasks', { ...wish, key });
  const accepted = performance.now() - start;
  await hasNumber;
  const submitted = performance.now() - start;
  const { phase, reason } = await api.task(id);
  if (phase === 'ended') throw new Error(`the task was refused: ${reason}`);
  return { accepted, submitted };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
