import type { Inspection, PluginInspection } from '@stele/server/inspect';
import { broken, type Finding, fine, weak } from './finding.ts';

const check = 'plugins';

/** Manifests, settings, and the site file's sections. Pure. */
export function checkPlugins({ plugins, strangers, empty }: Inspection): Finding[] {
  const wrong = plugins.flatMap(checkPlugin);
  const unknown = strangers.map((name) => stranger(name, plugins));
  const nothing = empty.map(({ path }) =>
    broken(check, `there is no plugin in ${path}`, 'Correct the path, or take it out.'),
  );
  const inUse = plugins.filter(({ enabled, overriddenBy, problem }) => enabled && !overriddenBy && !problem);
  return [fine(check, `${inUse.length} enabled`), ...wrong, ...unknown, ...nothing];
}

function checkPlugin({ id, path, problem, overriddenBy }: PluginInspection): Finding[] {
  if (overriddenBy !== undefined)
    return [fine(check, `${id} in ${path} is overridden by the one in ${overriddenBy.path}`)];
  if (problem === undefined) return [];
  const advice = problem.code === 'SETTINGS_INVALID' ? `Correct “plugins: { ${id}: … }” in the site file.` : undefined;
  return [broken(check, `${id}: ${problem.code}: ${problem.reason}`, advice)];
}

function stranger(name: string, plugins: readonly PluginInspection[]): Finding {
  const near = plugins.map(({ id }) => id).find((id) => isNear(id, name));
  const guess = near === undefined ? 'Install it, or take the section out.' : `Did you mean “${near}”?`;
  return weak(check, `the site file has settings of “${name}”, and there is no such plugin`, guess);
}

/** The same letters but for two. */
function isNear(one: string, other: string): boolean {
  const rest = other.split('');
  const missing = one.split('').filter((letter) => {
    const at = rest.indexOf(letter);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
  return missing.length + rest.length <= 2;
}
