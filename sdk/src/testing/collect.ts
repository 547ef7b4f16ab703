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

/**
 * Runs a kit by itself and tells how each test went: for proving that a kit catches a broken implementation.
 * @param kit calls the kit with the runner it is given
 */
export async function collect(kit: (runner: Runner) => void): Promise<readonly KitResult[]> {
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
  await runGroup(root, [], results);
  return results;
}

/** Titles of the tests that failed. */
export function failures(results: readonly KitResult[]): readonly string[] {
  return results.filter((result) => 'error' in result).map((result) => result.title);
}

async function runGroup(group: Group, path: readonly string[], results: KitResult[]): Promise<void> {
  const titleOf = (title: string) => [...path, title].filter((part) => part !== '').join(' › ');
  const isReady = await runAll(group.befores, titleOf('before'), results);
  for (const child of isReady ? group.children : []) {
    if ('body' in child) results.push(await outcome(titleOf(child.title), child.body));
    else await runGroup(child, [...path, child.title], results);
  }
  await runAll(group.afters, titleOf('after'), results);
}

async function runAll(
  bodies: readonly (() => void | Promise<unknown>)[],
  title: string,
  results: KitResult[],
): Promise<boolean> {
  const outcomes: KitResult[] = [];
  for (const body of bodies) outcomes.push(await outcome(title, body));
  const failed = outcomes.filter((result) => 'error' in result);
  results.push(...failed);
  return failed.length === 0;
}

async function outcome(title: string, body: () => void | Promise<unknown>): Promise<KitResult> {
  try {
    await body();
    return { title };
  } catch (error) {
    return { title, error };
  }
}

function newGroup(title: string): Group {
  return { title, befores: [], afters: [], children: [] };
}
