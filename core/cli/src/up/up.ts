import { messageOf } from '@stele/sdk';
import { type RunningServer, type ServerOptions, startServer } from '@stele/server';
import { exitCode, exitCodeOf } from '../exit-code.ts';
import { openLog } from '../log/open-log.ts';
import { builtIn, version } from '../place.ts';
import type { UpOptions } from '../program.ts';
import { print, say } from '../terminal.ts';
import { asJson, asText } from './announce.ts';
import { lastResort } from './last-resort.ts';
import { checkPlan, type Plan, planOf } from './plan.ts';
import { inWords } from './port.ts';
import { prepare } from './prepare.ts';
import { aborted, stopSignals } from './stop-signals.ts';

/** Closing takes two seconds; what takes this long will never end. */
const closingLimit = 15_000;

/** `stele up` */
export async function up(options: UpOptions): Promise<void> {
  const stopping = new AbortController();
  using _ = stopSignals(stopping, endAtOnce);
  const limitClosing = (): void => void setTimeout(endAtOnce, closingLimit).unref();
  stopping.signal.addEventListener('abort', limitClosing);
  try {
    await run(options, stopping);
  } catch (error) {
    say(messageOf(error));
    process.exitCode = exitCodeOf(error);
    limitClosing();
  }
}

/** The embedded database is told to end by its own exit hook. */
function endAtOnce(): void {
  say('ended at once');
  process.exit(exitCode.failed);
}

async function run(options: UpOptions, stopping: AbortController): Promise<void> {
  const { signal } = stopping;
  const plan = planOf(options, process.env);
  await checkPlan(plan);
  if (options.prepare) await prepareSite(plan, signal);
  if (signal.aborted) return say('ended before it was started');
  using opened = openLog(plan.dataDir, options.verbose);
  using _ = lastResort(opened.log, () => {
    process.exitCode = exitCode.failed;
    stopping.abort();
  });
  say('starting');
  await using server = await start(plan, opened.log);
  opened.log.info('Stele serves', { url: server.url, pid: process.pid, version: version() });
  if (!signal.aborted) await announce(server, plan, options.json);
  await aborted(signal);
  say('ending');
}

async function prepareSite({ site, dataDir }: Plan, signal: AbortSignal): Promise<void> {
  const { prepare: program } = site.file;
  if (program === undefined) return;
  const environment = { ...process.env, STELE_DATA: dataDir };
  await prepare({ program, folder: site.folder, environment, signal });
}

async function start({ site, dataDir, port, host }: Plan, log: ServerOptions['log']): Promise<RunningServer> {
  try {
    return await startServer({ site, dataDir, port, builtIn, environment: process.env, log });
  } catch (error) {
    throw inWords(error, port, host);
  }
}

async function announce(server: RunningServer, { dataDir }: Plan, json: boolean): Promise<void> {
  const serving = { url: server.url, login: await server.logInLink(), dataDir };
  print(json ? asJson(serving) : asText(serving));
}
