import { settlesWithin } from './expect.ts';
import type { Runner } from './runner.ts';

/** How one test of a kit went. */
export interface KitResult {
  /** Titles from the outermost group to the test, with ` › ` between. */
  readonly title: string;
  /** Why it failed; absent when it passed. */
  readonly error?: unknown;
}

interface Group {
  readonly title: string;
  readonly befores: (() => void | Promise<unknown>)[];
  readonly afters: (() => void | Promise<unknown>)[];
  readonly children: (Group | Test)[];
}

interface Test {
  readonly title: string;
  readonly body: () => void | Promise<unknown>;
}

/** Choices of {@link collect}. */
export interface CollectOptions {
  /** Only tests whose titles match are run. Default: all. */
  readonly only?: RegExp;
  /** Milliseconds that a test may take. Default 20,000. */
  readonly limit?: number;
}

/**
 * Runs a kit by itself and tells how each test went: for proving that a kit catches a broken implementation.
 * @param kit calls the kit with the runner it is given
 */
export async function collect(
  kit: (runner: Runner) => void,
  options: CollectOptions = {},
): Promise<readonly KitResult[]> {
  const root = newGroup('');
  let current = root;
  kit({
    describe(title, body) {
      const outer = current;
      const group = newGroup(title);
      outer.children.push(group);
      current = group;
      body();
      current = outer;
    },
    it: (title, body) => current.children.push({ title, body }),
    before: (body) => current.befores.push(body),
    after: (body) => current.afters.push(body),
  });
  const results: KitResult[] = [];
  await runGroup(root, [], { results, only: /^/, limit: 20_000, ...options });
  return results;
}

/** Titles of the tests that failed. */
export function failures(results: readonly KitResult[]): readonly string[] {
  return results.filter((result) => 'error' in result).map((result) => result.title);
}

interface Running extends Required<CollectOptions> {
  readonly results: KitResult[];
}

async function runGroup(group: Group, path: readonly string[], running: Running): Promise<void> {
  const titleOf = (title: string) => [...path, title].filter((part) => part !== '').join(' › ');
  const isReady = await runAll(group.befores, titleOf('before'), running);
  for (const child of isReady ? group.children : []) {
    if (!('body' in child)) await runGroup(child, [...path, child.title].filter(Boolean), running);
    else if (running.only.test(titleOf(child.title))) await runAll([child.body], titleOf(child.title), running, true);
  }
  await runAll(group.afters, titleOf('after'), running);
}

/** Hooks are told of when they fail, tests always. */
async function runAll(
  bodies: readonly (() => void | Promise<unknown>)[],
  title: string,
  { results, limit }: Running,
  isTest = false,
): Promise<boolean> {
  let isFine = true;
  for (const body of bodies) {
    const result = await outcome(title, body, limit);
    if ('error' in result) isFine = false;
    if (isTest || 'error' in result) results.push(result);
  }
  return isFine;
}

async function outcome(title: string, body: () => void | Promise<unknown>, limit: number): Promise<KitResult> {
  try {
    await settlesWithin(limit, title, Promise.resolve().then(body));
    return { title };
  } catch (error) {
    return { title, error };
  }
}

function newGroup(title: string): Group {
  return { title, befores: [], afters: [], children: [] };
}
