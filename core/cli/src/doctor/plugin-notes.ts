import { pathToFileURL } from 'node:url';
import { type Diagnose, type HealthNote, messageOf } from '@stele/sdk';
import type { PluginInspection } from '@stele/server/inspect';
import { broken, type Finding } from './finding.ts';

const patience = 10_000;

/** What plugins say themselves of the machine: those that are in use, and have something to say. */
export async function askPlugins(plugins: readonly PluginInspection[], limit = patience): Promise<readonly Finding[]> {
  const asked = plugins.filter(({ enabled, problem, overriddenBy }) => enabled && !problem && !overriddenBy);
  return (await Promise.all(asked.map((plugin) => ask(plugin, limit)))).flat();
}

async function ask({ id, doctor, settings }: PluginInspection, limit: number): Promise<readonly Finding[]> {
  if (doctor === undefined) return [];
  // Not an `AbortSignal.timeout`: its timer wouldn't keep this process from ending while it waits.
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(new Error('it takes too long')), limit);
  try {
    const { default: diagnose } = (await import(pathToFileURL(doctor).href)) as { default: Diagnose };
    const notes = await Promise.race([diagnose(settings, giveUp.signal), late(giveUp.signal)]);
    return notes.map((note) => findingOf(id, note));
  } catch (error) {
    return [broken(id, `it can’t say how it is: ${messageOf(error)}`)];
  } finally {
    clearTimeout(timer);
  }
}

function findingOf(check: string, { state, says, advice }: HealthNote): Finding {
  return { check, state, says, ...(advice === undefined ? {} : { advice }) };
}

function late(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  return promise;
}
