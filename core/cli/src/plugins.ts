import { resolve } from 'node:path';
import type { PluginInfo, PluginInspection } from '@stele/server/inspect';
import { ControlClient } from './control/client.ts';
import { notRunning } from './errors.ts';
import { exitCode } from './exit-code.ts';
import { builtIn, siteFile } from './place.ts';
import { type PluginRow, pluginTable } from './plugin-table.ts';
import type { PluginOptions } from './program.ts';
import { print, say } from './terminal.ts';

/** `stele plugin list` */
export async function listPlugins(options: PluginOptions): Promise<void> {
  const rows = (await running(resolve(options.data))) ?? (await found(options));
  print(options.json ? JSON.stringify({ items: rows }) : pluginTable(rows));
}

/** `stele plugin enable`, `stele plugin disable` */
export async function switchPlugin(id: string, verb: 'enable' | 'disable', options: PluginOptions): Promise<void> {
  const dataDir = resolve(options.data);
  const platform = await ControlClient.find(dataDir);
  if (platform === undefined) throw notRunning(dataDir, 'nothing was changed');
  const row = await platform.ask<PluginInfo>('POST', `/plugins/${encodeURIComponent(id)}/${verb}`);
  print(options.json ? JSON.stringify(row) : pluginTable([row]));
  // It is enabled, and says itself why that alone doesn't make it active.
  if (verb === 'enable' && row.state !== 'active') process.exitCode = exitCode.failed;
}

async function running(dataDir: string): Promise<readonly PluginInfo[] | undefined> {
  const platform = await ControlClient.find(dataDir);
  const answer = await platform?.ask<{ items: readonly PluginInfo[] }>('GET', '/plugins');
  return answer?.items;
}

/** What would be there. Administrators’ choices are in the database, which is down with the platform. */
async function found({ data, site }: PluginOptions): Promise<readonly PluginRow[]> {
  const { inspectSite, loadSite } = await import('@stele/server/inspect');
  say(`no Stele runs on ${resolve(data)}; these are the plugins that it would find`);
  const { plugins } = await inspectSite(loadSite(siteFile(site), process.env), builtIn, process.env);
  return plugins.map(atRest);
}

function atRest({ id, version, source, path, enabled, problem, overriddenBy }: PluginInspection): PluginRow {
  const reason = overriddenBy ? `overridden by the one in ${overriddenBy.path}` : problem?.reason;
  const state = enabled || problem ? 'not running' : 'disabled';
  return { id, version, source, path, state, ...(problem && { code: problem.code }), ...(reason && { reason }) };
}
