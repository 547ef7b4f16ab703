type Line = Readonly<Record<string, unknown>> & { readonly level?: string; readonly msg?: string };

const levels = ['debug', 'info', 'warn', 'error'];
const names: Readonly<Record<string, string>> = { warn: 'warning: ', error: 'error: ', debug: 'debug: ' };

/** A line of the JSON log for a person, if it is of `lowest` level or above. Pure. */
export function wordsOf(text: string, lowest: 'debug' | 'warn'): string | undefined {
  // Most lines are below a warning, and are not worth parsing: the level stands first.
  const level = /^\{"level":"([a-z]+)"/.exec(text)?.[1] ?? '';
  if (levels.indexOf(level) < levels.indexOf(lowest)) return undefined;
  const { time: _time, level: _level, msg = '', error, ...fields } = JSON.parse(text) as Line;
  const details = [...Object.entries(fields).map(([name, value]) => `${name}: ${shown(value)}`), ...reasonOf(error)];
  return `${names[level] ?? ''}${msg}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
}

/** Stacks are for the file. */
function reasonOf(error: unknown): string[] {
  if (error === undefined) return [];
  const { message } = (error ?? {}) as { message?: unknown };
  return [typeof message === 'string' ? message : shown(error)];
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
