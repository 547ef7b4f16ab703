type Line = Readonly<Record<string, unknown>> & { readonly level?: string; readonly msg?: string };

const levels = ['debug', 'info', 'warn', 'error'];
const names: Readonly<Record<string, string>> = { warn: 'warning: ', error: 'error: ', debug: 'debug: ' };

/** What a terminal would obey rather than show, and what turns the direction of writing: hosts and people say such things. */
const obeyed = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A line of the JSON log for a person, if it is of `lowest` level or above: one line, whatever it holds. Pure. */
export function wordsOf(text: string, lowest: 'debug' | 'warn'): string | undefined {
  // Most lines are below a warning, and are not worth parsing: the level stands first.
  const level = /^\{"level":"([a-z]+)"/.exec(text)?.[1] ?? '';
  if (levels.indexOf(level) < levels.indexOf(lowest)) return undefined;
  const { time: _time, level: _level, msg = '', error, ...fields } = JSON.parse(text) as Line;
  const details = [...Object.entries(fields).map(([name, value]) => `${name}: ${shown(value)}`), ...reasonOf(error)];
  const words = `${names[level] ?? ''}${msg}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
  return words
    .replace(/[\r\n]+/g, ' ')
    .replace(obeyed, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
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
