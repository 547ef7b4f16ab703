/** Rewrites cookies between the browser and a task. Pure. */

/** How a task's cookies are kept apart from those of others. */
export interface Jar {
  /** Name of the cookie that says who has entered. */
  readonly entry: string;
  /** What the names of the task's cookies begin with in the browser, where several tasks share one jar. */
  readonly prefix: string | undefined;
}

/** A task's own host has its own jar. */
export const ownJar: Jar = { entry: '__Host-stele-task', prefix: undefined };

/** Ports of one host share a jar: cookies ignore ports. */
export function sharedJar(key: string): Jar {
  return { entry: `__Host-stele-task-${key}`, prefix: `stele-${key}-` };
}

/** Prefixes that browsers give a meaning to; they have to stay in front. */
const special = /^__(?:host|secure)-/i;
const platformName = /^__(?:host|secure)-stele/i;

/**
 * The value of the one cookie called `name`. Two of that name are none: a browser has one `__Host-` cookie, so the
 * other was put there by someone.
 */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined;
  let found: string | undefined;
  for (const pair of header.split(';')) {
    if (nameOfPair(pair) !== name) continue;
    if (found !== undefined) return undefined;
    found = pair.slice(pair.indexOf('=') + 1).trim();
  }
  return found;
}

/** The `Cookie` header for the task: without the platform's cookies and, in a shared jar, with the task's only. */
export function cookiesForTask(header: string, jar: Jar): string | undefined {
  const kept: string[] = [];
  for (const pair of header.split(';')) {
    const name = nameOfPair(pair);
    if (platformName.test(name) && !isRenamed(name, jar)) continue;
    const theirs = jar.prefix === undefined ? pair.trim() : restore(pair.trim(), name, jar.prefix);
    if (theirs) kept.push(theirs);
  }
  return kept.length > 0 ? kept.join('; ') : undefined;
}

function nameOfPair(pair: string): string {
  const equals = pair.indexOf('=');
  return (equals < 0 ? '' : pair.slice(0, equals)).trim();
}

function isRenamed(name: string, jar: Jar): boolean {
  return jar.prefix !== undefined && name.replace(special, '').startsWith(jar.prefix);
}

function restore(pair: string, name: string, prefix: string): string | undefined {
  const mark = special.exec(name)?.[0] ?? '';
  const rest = name.slice(mark.length);
  if (!rest.startsWith(prefix)) return undefined;
  return mark + pair.slice(mark.length + prefix.length);
}

/**
 * A task's `Set-Cookie` as the browser gets it: for this host only, under a name that is the task's own. `undefined`
 * for one that would overwrite a cookie of the platform.
 */
export function cookieFromTask(value: string, jar: Jar): string | undefined {
  const [pair = '', ...attributes] = value.split(';');
  const name = nameOfPair(pair);
  // A pair without a name is sent as its value alone, which may look like another cookie.
  if (platformName.test(name === '' ? pair.replace(/^[\s=]*/, '') : name)) return undefined;
  const kept = attributes.filter((attribute) => !/^\s*domain\s*(?:=|$)/i.test(attribute));
  return [rename(pair, name, jar.prefix), ...kept].join(';');
}

function rename(pair: string, name: string, prefix: string | undefined): string {
  if (prefix === undefined) return pair;
  const mark = special.exec(name)?.[0] ?? '';
  const text = pair.trim();
  return name === '' ? `${prefix}=${text.replace(/^=/, '')}` : mark + prefix + text.slice(mark.length);
}
